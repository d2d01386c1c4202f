import { describe, expect, it } from 'vitest';
import { firstBatchOf } from '../../scripts/import/batches.ts';
import { readBeads } from '../../scripts/import/beads.ts';
import { readJsonl } from '../../scripts/import/jsonl.ts';
import type { TaskList } from '../../scripts/import/listed-task.ts';
import { prepare } from '../../scripts/import/prepare.ts';
import { type ProjectTasks, renumberedKey, UNKNOWN_PROJECT } from '../../scripts/import/project-tasks.ts';
import { reportOf } from '../../scripts/import/report.ts';
import { readTaskMaster } from '../../scripts/import/task-master.ts';

const OPTIONS = { project: 'p', renumber: false, prefix: 'TASK' };

const prepared = (list: TaskList, options = {}, project: Partial<ProjectTasks> = {}) => {
  const result = prepare(list, { ...OPTIONS, ...options }, { ...UNKNOWN_PROJECT, ...project });
  return { ...result, tasks: result.tasks.map(({ task }) => task) };
};

describe('a list of claude-task-master', () => {
  const TASKS = [
    { id: 1, title: 'Set up', description: 'The repository', status: 'done', priority: 'high' },
    {
      id: 2,
      title: 'Build',
      status: 'in-progress',
      dependencies: [1],
      details: 'With care',
      subtasks: [
        { id: 1, title: 'Parse', status: 'pending' },
        { id: 2, title: 'Print', status: 'deferred', dependencies: [1] },
      ],
    },
  ];
  const read = (json: unknown, tag?: string) =>
    readTaskMaster(JSON.stringify(json), { file: 'tasks.json', prefix: 'TM', tag });

  it.each([
    ['without tags', { tasks: TASKS }],
    ['with one tag', { feature: { tasks: TASKS } }],
    ['with the tag master among others', { other: { tasks: [] }, master: { tasks: TASKS, metadata: {} } }],
  ])('a file %s is read with its subtasks, which the task needs', (_, json) => {
    expect(read(json).tasks).toMatchObject([
      { id: 'TM-1', description: 'Set up\n\nThe repository', status: 'completed', priority: 1, needs: [] },
      {
        id: 'TM-2',
        status: 'pending',
        needs: [{ id: 'TM-1' }, { id: 'TM-2-1' }, { id: 'TM-2-2' }],
        notes: ['Details: With care'],
      },
      { id: 'TM-2-1', description: 'Parse', needs: [{ id: 'TM-1' }], notes: ['Subtask of TM-2'] },
      { id: 'TM-2-2', status: 'cancelled', needs: [{ id: 'TM-1' }, { id: 'TM-2-1' }] },
    ]);
  });

  it('what is not taken is named: fields of every depth, and other tags', () => {
    const task = {
      ...{ id: 1, title: 'a', complexity: 5, metadata: { pull: 3 }, acceptanceCriteria: 'It runs' },
      subtasks: [{ id: 1, title: 'b', parentId: 'x', updatedAt: '' }],
    };
    const list = read({ master: { tasks: [task], metadata: { created: 'then' } }, next: { tasks: [task] } });
    expect(list.remarks).toEqual([
      'Of the tag master; other tags, to be passed as --tag: next (tasks: 1)',
      'Fields not taken, and how often they came: tasks.complexity (1), tasks.subtasks.parentId (1), metadata (1)',
    ]);
    expect(list.tasks[0]).toMatchObject({
      metadata: { pull: 3 },
      notes: ['Acceptance criteria: It runs'],
    });
  });

  it('a tag that the file lacks is told with those that it has', () => {
    expect(() => read({ a: { tasks: [] }, b: { tasks: [] } })).toThrow(
      'has the tags a, b: pass one as --tag',
    );
    expect(() => read({ tasks: [{}] })).toThrow('is no list of claude-task-master');
  });
});

describe('an export of beads', () => {
  it('issues are read with what blocks them and who is their parent', () => {
    const lines = [
      { id: 'bd-1', title: 'Epic', issue_type: 'epic', priority: 0 },
      {
        id: 'bd-1.1',
        title: 'Child',
        status: 'closed',
        close_reason: 'Shipped',
        dependencies: [
          { issue_id: 'bd-1.1', depends_on_id: 'bd-1', type: 'parent-child' },
          { issue_id: 'bd-1.1', depends_on_id: 'bd-9', type: 'related' },
        ],
      },
      {
        id: 'bd-2',
        title: 'Later',
        status: 'deferred',
        defer_until: '2027-01-01T00:00:00+01:00',
        dependencies: [{ issue_id: 'bd-2', depends_on_id: 'bd-1', type: 'blocks' }],
      },
      { id: 'bd-3', title: 'Gone', status: 'tombstone' },
    ];
    const list = readBeads([...lines.map((line) => JSON.stringify(line)), 'no json', '{}'].join('\n'));
    expect(list.tasks).toMatchObject([
      { id: 'bd-1', priority: 0, needs: [{ id: 'bd-1.1' }], notes: ['Type: epic'] },
      { id: 'bd-1.1', status: 'completed', needs: [], notes: ['Closed: Shipped', 'related: bd-9'] },
      { id: 'bd-2', status: 'pending', not_before: '2026-12-31T23:00:00.000Z', needs: [{ id: 'bd-1' }] },
    ]);
    expect(list.leftOut).toEqual([
      'bd-3 was deleted there',
      expect.stringMatching(/^Line 5 is no issue/),
      expect.stringMatching(/^Line 6 is no issue/),
    ]);
  });
});

describe('what an issue of beads has beside its fields', () => {
  const read = (fields: object) => readBeads(JSON.stringify({ id: 'bd-1', title: 'a', ...fields }));

  it('labels that a task can have are labels, and the others a note', () => {
    const labels = [...Array.from({ length: 21 }, (_, index) => `l${index}`), 'l0', 'x'.repeat(101), ''];
    expect(read({ labels }).tasks).toMatchObject([
      { labels: labels.slice(0, 20), notes: [`Labels: l20, ${'x'.repeat(101)}`] },
    ]);
  });

  it('comments are notes, and fields that are not taken are named with a count', () => {
    const created_at = '2026-01-02T03:04:05Z';
    const list = read({
      created_at,
      estimated_minutes: 5,
      source_repo: '',
      comments: [{ id: 1, author: 'Ann', text: 'Why?', created_at }],
      metadata: { pull: 7 },
    });
    expect(list.tasks).toMatchObject([
      { notes: [`Comment by Ann ${created_at}: Why?`], metadata: { pull: 7 } },
    ]);
    expect(list.remarks).toEqual([
      'Fields not taken, and how often they came: created_at (1), estimated_minutes (1), comments.id (1)',
    ]);
  });

  it('metadata that no task can have is told', () => {
    expect(read({ metadata: { text: 'x'.repeat(5000) } }).tasks).toMatchObject([
      { metadata: undefined, remarks: ['Its metadata must have at most 4096 bytes as JSON; not taken'] },
    ]);
  });

  it('an issue that waits for a day waits here, and an unknown state is told', () => {
    const until = { defer_until: '2027-01-01T00:00:00Z' };
    expect(read(until).tasks).toMatchObject([{ not_before: '2027-01-01T00:00:00.000Z' }]);
    expect(read({ ...until, status: 'closed' }).tasks).toMatchObject([
      { not_before: undefined, notes: ['Deferred until: 2027-01-01T00:00:00Z'] },
    ]);
    expect(read({ status: 'frozen' }).tasks).toMatchObject([
      {
        status: 'pending',
        notes: ['Status: frozen'],
        remarks: ['Its status "frozen" is not known; added as pending'],
      },
    ]);
  });
});

describe('a list of tasks, one a line', () => {
  it('a task without an id is sent without one, after those that have one', () => {
    const list = readJsonl('{"description":"a"}\n{"task_id":"A-1","description":"b"}\n{"description":"a"}\n');
    const { tasks, remarks } = prepared(list, { renumber: true });
    expect(tasks.map(({ task_id }) => task_id)).toEqual(['A-1', undefined, undefined]);
    expect(remarks).toEqual([]);
    const report = reportOf(list, prepare(list, OPTIONS, UNKNOWN_PROJECT)).join('\n');
    expect(report).toContain('Tasks without an id: 2. The service numbers them');
  });

  it('an id that does not fit is renumbered, and so are needs for it', () => {
    const lines = [
      { task_id: 'bad id', description: 'a' },
      { task_id: 'A-2', description: 'b', needs: ['bad id', { task_id: 'a_3', when: 'ended' }] },
      { task_id: 'a_3', description: 'c' },
    ];
    const list = readJsonl(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(prepared(list).leftOut).toHaveLength(2);
    expect(prepared(list, { renumber: true }).tasks).toMatchObject([
      { task_id: 'TASK-001', description: 'a' },
      { task_id: 'TASK-002', description: 'c' },
      { task_id: 'A-2', needs: [{ task_id: 'TASK-001' }, { task_id: 'TASK-002', when: 'ended' }] },
    ]);
  });

  it('a line that is no JSON is told as such', () => {
    expect(readJsonl('nonsense').leftOut).toEqual(['Line 1 is no task: it is not valid JSON']);
  });

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['0.12345678901234567891', '0.12345678901234567891'],
    ['1e400', '1e400'],
    ['9007199254740992', 9007199254740992],
    ['0.1', 0.1],
    ['-1.50e3', -1500],
    ['0.0', 0],
    ['1e21', 1e21],
  ])('the number %s in metadata is never rounded', (written, taken) => {
    const { tasks } = readJsonl(`{"description":"a","metadata":{"list":[${written}]}}`);
    expect(tasks).toMatchObject([
      {
        metadata: { list: [taken] },
        remarks:
          typeof taken === 'number'
            ? []
            : [`The number ${written} is taken as a text, since it would be rounded`],
      },
    ]);
  });

  it('tasks are read as a batch takes them, and the other lines are told', () => {
    const task = { task_id: 'TASK-2', description: 'Do it', needs: ['TASK-1'], max_attempts: 5 };
    const { tasks, leftOut } = readJsonl(`${JSON.stringify(task)}\n{"task_id":"TASK-3"}\n`);
    expect(prepared({ tasks, leftOut: [] }).tasks).toMatchObject([
      { task_id: 'TASK-2', project_id: 'p', description: 'Do it', max_attempts: 5, needs: [] },
    ]);
    expect(leftOut).toEqual([expect.stringMatching(/^Line 2 is no task: .*description/)]);
  });
});

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
      'A-7 comes again with the same text',
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
