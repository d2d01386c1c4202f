import { fillPlaceholders } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Statement, Values } from '../../src/db/statement.ts';
import { ADD_TASKS } from '../../src/operations/add-tasks.ts';
import { CLAIM_TASK, CLAIM_TASK_FOR_GENERATOR } from '../../src/operations/claim-task.ts';
import { DELETE_TASK } from '../../src/operations/delete-task.ts';
import { GET_TASK } from '../../src/operations/get-task.ts';
import { HEARTBEAT_CLAIM } from '../../src/operations/heartbeat-claim.ts';
import { LIST_TASKS, LIST_TASKS_OF_STATUS } from '../../src/operations/list-tasks.ts';
import { MOVE_TASK } from '../../src/operations/move-task.ts';
import { NEXT_DUE_TASK, NEXT_TASK_OF_STATUS } from '../../src/operations/next-task.ts';
import { READ_METRICS } from '../../src/operations/read-metrics.ts';
import { RELEASE_CLAIM } from '../../src/operations/release-claim.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

const STATEMENTS = [
  NEXT_DUE_TASK,
  NEXT_TASK_OF_STATUS,
  GET_TASK,
  LIST_TASKS,
  LIST_TASKS_OF_STATUS,
  ...[MOVE_TASK, HEARTBEAT_CLAIM, RELEASE_CLAIM].flatMap(({ inProject, inAnyProject }) => [
    inProject,
    inAnyProject,
  ]),
  CLAIM_TASK,
  CLAIM_TASK_FOR_GENERATOR,
  ADD_TASKS,
  DELETE_TASK,
  READ_METRICS,
];

const PROJECT = 'project-3';

/** Something for every placeholder that there is. */
const VALUES: Values = {
  projectId: PROJECT,
  taskId: 'TASK-77',
  status: 'pending',
  after: 0,
  fetch: 21,
  to: 'in_progress',
  moveFrom: ['pending'],
  resetFrom: [],
  completionNotes: null,
  claimToken: 7,
  force: false,
  error: null,
  delaySeconds: null,
  notes: null,
  agentId: 'agent',
  leaseSeconds: 60,
  capacity: 1,
  generatorName: 'hls',
  isLastLook: true,
  recordCaller: '',
  recordKey: 'key',
  recordFingerprint: '',
  recordSeconds: 60,
  batch: JSON.stringify([{ taskId: 'NEW-1', projectId: PROJECT, description: 'Do it', status: 'pending' }]),
};

type AnyStatement = Pick<Statement<Values, unknown>, 'name' | 'query'>;

/** How a plan comes about: once for all values, as of a named statement, or for those of one request. */
const WAYS = [
  ['for any values', undefined],
  ['for a caller of all projects', null],
  ['for a caller of two projects', [PROJECT, 'project-4']],
] as const;

let database: DatabaseUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.query(`
    insert into tasks (task_id, project_id, description, status, completed_at)
    select 'TASK-' || n / 10, 'project-' || n % 10, 'Do it', status, case when status = 'completed' then now() end
    from generate_series(1, 100000) as n,
    lateral (select case when n % 10 = n / 10 % 10 then 'pending' else 'completed' end as status) as state`);
  await database.query('analyze tasks');
}, 60_000);

describe.each(WAYS)('the plan of a statement over a large table %s', (_, covered) => {
  const planOf = async ({ query }: AnyStatement) => {
    const values = fillPlaceholders(query.params, { ...VALUES, covered });
    const lines = await (covered === undefined
      ? database.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${query.sql}`)
      : database.query<{ 'QUERY PLAN': string }>(`explain ${query.sql}`, values));
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  };

  it.each<AnyStatement>(STATEMENTS)('$name finds its rows by index', async (statement) => {
    const plan = await planOf(statement);
    expect(plan).toMatch(/Index (Only )?Scan/);
    expect(plan).not.toMatch(/Seq Scan on tasks|Bitmap Heap Scan on tasks/);
  });

  it.each<AnyStatement>([CLAIM_TASK, CLAIM_TASK_FOR_GENERATOR])(
    '$name reads only the claims of its agent, even without statistics on claims',
    async (statement) => {
      const plan = await planOf(statement);
      expect(plan).toMatch(/Index Scan using tasks_claim_slots on tasks.*\n\s*Index Cond: .*claimed_by = /);
      expect(plan).toContain('Index Scan using tasks_last_attempts on tasks');
    },
  );

  it.each([
    { ...CLAIM_TASK, index: 'tasks_awaited' },
    { ...CLAIM_TASK_FOR_GENERATOR, index: 'tasks_awaited_by_generator' },
  ])(
    '$name reads only the first lease and due task, even without statistics on them',
    async ({ index, ...statement }) => {
      const lookups = (await planOf(statement)).matchAll(
        new RegExp(
          `Limit\\b.*\\n(?:\\s*->  Result.*\\n.*\\n)?\\s*->  Index Only Scan using ${index} on tasks`,
          'g',
        ),
      );
      expect([...lookups]).toHaveLength(2);
    },
  );

  it('read_metrics reads one task a project, in order and without sorting', async () => {
    const plan = await planOf(READ_METRICS);
    expect(plan).toMatch(/Limit\b.*\n\s*->\s+Index Scan using tasks_by_status_in_order on tasks/);
  });

  it.each([
    { ...NEXT_DUE_TASK, index: 'tasks_claimable' },
    { ...NEXT_TASK_OF_STATUS, index: 'tasks_by_status_in_order' },
    { ...LIST_TASKS, index: 'tasks_in_order' },
    { ...LIST_TASKS_OF_STATUS, index: 'tasks_by_status_in_order' },
  ])('$name reads in order without sorting', async ({ index, ...statement }) => {
    const plan = await planOf(statement);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Sort');
  });
});
