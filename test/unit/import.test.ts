import { describe, expect, it } from 'vitest';
import { readBeads } from '../../scripts/import/beads.ts';
import { readJsonl } from '../../scripts/import/jsonl.ts';
import type { TaskList } from '../../scripts/import/listed-task.ts';
import { prepare } from '../../scripts/import/prepare.ts';
import { type ProjectTasks, UNKNOWN_PROJECT } from '../../scripts/import/project-tasks.ts';
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
