import { describe, expect, it } from 'vitest';
import { firstBatchOf } from '../../scripts/import/batches.ts';
import type { TaskList } from '../../scripts/import/listed-task.ts';
import { prepare } from '../../scripts/import/prepare.ts';
import { type ProjectTasks, renumberedKey, UNKNOWN_PROJECT } from '../../scripts/import/project-tasks.ts';
import { reportOf } from '../../scripts/import/report.ts';

const OPTIONS = { project: 'p', renumber: false, prefix: 'TASK' };

const prepared = (list: TaskList, options = {}, project: Partial<ProjectTasks> = {}) => {
  const result = prepare(list, { ...OPTIONS, ...options }, { ...UNKNOWN_PROJECT, ...project });
  return { ...result, tasks: result.tasks.map(({ task }) => task) };
};

describe('what is sent of a list', () => {
  const listed = (id: string, description: string, ...needs: string[]) => ({
    id,
    description,
    status: 'pending' as const,
    needs: needs.map((need) => ({ id: need })),
    notes: [],
    remarks: [],
  });
  const list = (...tasks: ReturnType<typeof listed>[]) => ({ tasks, leftOut: [] });

  it('a task comes after what it needs', () => {
    const { tasks } = prepared(
      list(listed('A-3', 'c', 'A-2'), listed('A-2', 'b', 'A-1'), listed('A-1', 'a')),
    );
    expect(tasks.map(({ task_id }) => task_id)).toEqual(['A-1', 'A-2', 'A-3']);
  });

  it('tasks that wait for each other are refused with the path', () => {
    expect(() => prepared(list(listed('A-1', 'a', 'A-2'), listed('A-2', 'b', 'A-1')))).toThrow(
      'A-1 → A-2 → A-1',
    );
  });

  it('a need for a task that the list lacks is not taken, and told', () => {
    const { tasks, remarks } = prepared(list(listed('A-1', 'a', 'A-9')));
    expect(tasks[0]?.needs).toEqual([]);
    expect(remarks).toEqual([{ of: 'A-1', text: 'It needs A-9, which the list does not have; not taken' }]);
  });

  it('ids that do not fit or come twice for different work are left out, unless they are renumbered', () => {
    const tasks = list(
      listed('A-7', 'a'),
      listed('A-7', 'b'),
      listed('A-7', 'a'),
      listed('bd-x1y', 'c', 'A-7'),
    );
    expect(prepared(tasks).tasks.map(({ task_id }) => task_id)).toEqual(['A-7']);
    expect(prepared(tasks).leftOut).toEqual([
      'A-7 comes twice for different work, also for "b": pass --renumber to give it another',
      'bd-x1y does not fit the form of ids, as TASK-051: pass --renumber to give it another',
    ]);
    const renumbered = prepared(tasks, { renumber: true });
    expect(renumbered).toMatchObject({
      renumbered: 2,
      tasks: [
        { task_id: 'A-7', description: 'a' },
        { task_id: 'A-008', description: 'b', context_notes: 'Was A-7 in the list' },
        { task_id: 'TASK-001', description: 'c', needs: [{ task_id: 'A-7' }] },
      ],
    });
  });

  it('a task that comes again is added once, and told as left out where it says otherwise', () => {
    const again = list(listed('A-1', 'a', 'A-2'), listed('A-2', 'b'), listed('A-1', 'a', 'A-2'));
    expect(prepared(again)).toMatchObject({
      tasks: [{ task_id: 'A-2' }, { task_id: 'A-1' }],
      remarks: [{ of: 'A-1', text: 'It comes again in the list, and is added once' }],
      leftOut: [],
    });
    const otherwise = { ...listed('A-1', 'a'), status: 'completed' as const, expected_outputs: ['PRD-1'] };
    for (const renumber of [false, true])
      expect(
        prepared({ tasks: [...again.tasks.slice(0, 2), otherwise], leftOut: [] }, { renumber }),
      ).toMatchObject({
        tasks: [{ task_id: 'A-2' }, { task_id: 'A-1', status: 'pending' }],
        leftOut: [
          'A-1 comes again with the same text but says otherwise (status, needs, expected outputs): the first is taken',
        ],
      });
  });

  it('what the project has is not sent again, and other work under an id is told', () => {
    const tasks = list(
      listed('A-1', 'a'),
      listed('A-2', 'b', 'A-1'),
      listed('A-3', 'c', 'A-2'),
      listed('A-4', 'd'),
    );
    const project = {
      tasks: new Map([
        ['A-1', { description: 'a' }],
        ['A-2', { description: 'Something else\n\nin many words' }],
      ]),
      deleted: new Set(['A-4']),
    };
    expect(prepared(tasks, {}, project)).toMatchObject({
      tasks: [{ task_id: 'A-3', needs: [] }],
      there: [{ listed: 'A-1', task_id: 'A-1', lacks: [] }],
      remarks: [{ of: 'A-3', text: 'It needs A-2, which the list has and was left out; not taken' }],
      leftOut: [
        'A-2 is the id of another task in the project, "Something else": pass --renumber to give it another',
        'A-4 is the id of a deleted task: restore or purge that one, or pass --renumber to give this one another',
      ],
    });
    expect(prepared(tasks, { renumber: true }, project)).toMatchObject({
      renumbered: 2,
      leftOut: [],
      tasks: [
        { task_id: 'A-005', description: 'b', needs: [{ task_id: 'A-1' }] },
        { task_id: 'A-3', needs: [{ task_id: 'A-005' }] },
        { task_id: 'A-006', description: 'd' },
      ],
    });
  });

  it('a new id is past all that the project has given out, and the same again when the import is repeated', () => {
    const tasks = list(listed('A-7', 'a'), listed('A-7', 'b'), listed('A-7', 'b'));
    const project = { lastNumbers: new Map([['A', 41]]), deleted: new Set(['A-042']) };
    const first = prepared(tasks, { renumber: true }, project);
    expect(first.tasks.map(({ task_id }) => task_id)).toEqual(['A-7', 'A-043']);
    const renumbered = new Map([[renumberedKey('Was A-7 in the list', 'b'), 'A-043']]);
    const again = {
      tasks: new Map([['A-7', { description: 'a' }]]),
      lastNumbers: new Map([['A', 43]]),
      renumbered,
    };
    expect(prepared(tasks, { renumber: true }, again)).toMatchObject({
      tasks: [],
      there: [
        { listed: 'A-7', task_id: 'A-7' },
        { listed: 'A-7', task_id: 'A-043' },
      ],
    });
  });

  it('a task that was there, and needs by the list what is new, is told without it', () => {
    const tasks = list(listed('A-1', 'a', 'A-2'), listed('A-2', 'b'));
    const project = { ...UNKNOWN_PROJECT, tasks: new Map([['A-1', { description: 'a' }]]) };
    expect(reportOf(tasks, prepare(tasks, OPTIONS, project))).toEqual([
      'A-1  was there already, and does not get the needs A-2, which are new',
      '1 new (1 pending), 0 needs, 0 renumbered; 1 there already, 0 left out',
    ]);
  });

  it('a task that was renumbered before stays so when its own id is free by now', () => {
    const project = { renumbered: new Map([[renumberedKey('Was A-1 in the list', 'a'), 'A-005']]) };
    expect(prepared(list(listed('A-1', 'a')), { renumber: true }, project)).toMatchObject({
      tasks: [],
      there: [{ listed: 'A-1', task_id: 'A-005' }],
    });
  });

  it('a need may be a task of the project that the list lacks', () => {
    const project = { tasks: new Map([['A-9', { description: 'there' }]]) };
    expect(prepared(list(listed('A-1', 'a', 'A-9')), {}, project)).toMatchObject({
      tasks: [{ needs: [{ task_id: 'A-9' }] }],
      remarks: [],
    });
  });

  it('an id that lacks only capital letters gets them, and what needs it follows', () => {
    const tasks = list(listed('bd-1', 'a'), listed('A-1', 'b', 'bd-1', 'BD-1'));
    expect(prepared(tasks).tasks).toMatchObject([
      { task_id: 'BD-1', context_notes: 'Was bd-1 in the list' },
      { task_id: 'A-1', needs: [{ task_id: 'BD-1' }] },
    ]);
  });

  it.each([
    [`${'A'.repeat(60)}-12345`, ['TASK-001', 'TASK-002']],
    ['A-99999999999999999999', ['A-99999999999999999999', 'A-001']],
  ])('new ids instead of %s fit', (id, ids) => {
    const tasks = list(listed(id, 'a'), listed(id, 'b'));
    expect(prepared(tasks, { renumber: true }).tasks.map(({ task_id }) => task_id)).toEqual(ids);
  });

  it('a batch ends before it is too large, and where tasks without ids begin', () => {
    const named = (index: number) => ({ task_id: `A-${index}`, description: 'a' });
    const long = { description: '🦄'.repeat(100_000) };
    expect(firstBatchOf(Array.from({ length: 501 }, (_, index) => named(index)))).toBe(500);
    expect(firstBatchOf([named(1), { description: 'b' }])).toBe(1);
    expect(firstBatchOf([long, long, long])).toBe(2);
    expect(firstBatchOf([{ description: 'a'.repeat(2_000_000) }])).toBe(1);
  });

  it('characters that cannot be stored are replaced, and told', () => {
    const { tasks, remarks } = prepared(list(listed('A-1', 'a\u0000b\uD800')));
    expect(tasks[0]?.description).toBe('a\uFFFDb\uFFFD');
    expect(remarks).toEqual([
      { of: 'A-1', text: 'Its description was changed: characters that cannot be stored were replaced' },
    ]);
  });

  it('texts that are too long are cut, and told', () => {
    const { tasks, remarks } = prepared(list(listed('A-1', '🦄'.repeat(10_001))));
    expect([...(tasks[0]?.description ?? '')]).toHaveLength(10_000);
    expect(remarks).toEqual([{ of: 'A-1', text: 'Its description was cut to 10000 characters' }]);
  });
});
