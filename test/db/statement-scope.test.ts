import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { planTransition } from '../../src/domain/transitions.ts';
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
import { CONFORMANCE_DRIVERS, type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

const { moveFrom, resetFrom, to } = planTransition('in_progress', false);
const MOVE = {
  taskId: 'TASK-1',
  to,
  moveFrom,
  resetFrom,
  completionNotes: null,
  claimToken: null,
  force: false,
  error: null,
  delaySeconds: null,
};
const CLAIM = { projectId: 'alpha', agentId: 'agent', leaseSeconds: 60, capacity: 1, isLastLook: true };
const HELD = { taskId: 'HELD-1', claimToken: 7 };
const HEARTBEAT = { ...HELD, leaseSeconds: 600 };
const RELEASE = { ...HELD, delaySeconds: null, notes: null };
const PAGE = { projectId: 'alpha', after: 0, fetch: 10 };
const BATCH = JSON.stringify([
  {
    taskId: 'NEW-1',
    projectId: 'alpha',
    description: 'Do it',
    generatorName: null,
    status: 'pending',
    inputs: [],
    expectedOutputs: [],
    contextNotes: null,
    priority: 2,
    notBefore: null,
    maxAttempts: 3,
  },
]);
const ports = {
  sleep: () => Promise.resolve(),
  random: () => 0,
  now: () => performance.now(),
  onReplay: () => undefined,
};

type Covered = readonly string[] | null;

/** How many rows each statement finds in alpha, for a caller of these projects; no operation has checked them. */
const READS: Readonly<Record<string, (database: Database, covered: Covered) => Promise<number>>> = {
  next_due_task: async (database, covered) =>
    (await database.run(NEXT_DUE_TASK, { projectId: 'alpha', covered })).length,
  next_task_of_status: async (database, covered) =>
    (await database.run(NEXT_TASK_OF_STATUS, { projectId: 'alpha', status: 'pending', covered })).length,
  get_task: async (database, covered) =>
    (await database.run(GET_TASK, { projectId: 'alpha', taskId: 'TASK-1', covered })).length,
  read_metrics: async (database, covered) => (await database.run(READ_METRICS, { covered })).length,
  list_tasks: async (database, covered) => (await database.run(LIST_TASKS, { ...PAGE, covered })).length,
  list_tasks_of_status: async (database, covered) =>
    (await database.run(LIST_TASKS_OF_STATUS, { ...PAGE, status: 'pending', covered })).length,
};

const WRITES: Readonly<Record<string, (database: Database, covered: Covered) => Promise<unknown>>> = {
  move_task: (database, covered) =>
    database.run(MOVE_TASK.inProject, { ...MOVE, projectId: 'alpha', covered }),
  move_task_of_any_project: (database, covered) => database.run(MOVE_TASK.inAnyProject, { ...MOVE, covered }),
  claim_task: (database, covered) => database.run(CLAIM_TASK, { ...CLAIM, covered }),
  claim_task_for_generator: (database, covered) =>
    database.run(CLAIM_TASK_FOR_GENERATOR, { ...CLAIM, generatorName: 'hls', covered }),
  heartbeat_claim: (database, covered) =>
    database.run(HEARTBEAT_CLAIM.inProject, { ...HEARTBEAT, projectId: 'alpha', covered }),
  heartbeat_claim_of_any_project: (database, covered) =>
    database.run(HEARTBEAT_CLAIM.inAnyProject, { ...HEARTBEAT, covered }),
  release_claim: (database, covered) =>
    database.run(RELEASE_CLAIM.inProject, { ...RELEASE, projectId: 'alpha', covered }),
  release_claim_of_any_project: (database, covered) =>
    database.run(RELEASE_CLAIM.inAnyProject, { ...RELEASE, covered }),
  add_tasks: (database, covered) => database.run(ADD_TASKS, { batch: BATCH, covered }),
  delete_task: (database, covered) =>
    database.run(DELETE_TASK, { projectId: 'alpha', taskId: 'TASK-1', covered }),
};

describe.each(CONFORMANCE_DRIVERS)('a statement by itself over %s', (driver) => {
  let bed: DatabaseUnderTest;
  const open = () => {
    const key = crypto.randomUUID();
    const identity = () => ({ caller: '', key, fingerprint: '', keptSeconds: 60 });
    return connect({ driver, connectionString: bed[driver] }, RETRY_POLICY, { ...ports, identity });
  };

  beforeAll(async () => {
    bed = await openTestDatabase();
  });
  beforeEach(async () => {
    await bed.query('truncate tasks');
    await bed.query(`
      insert into tasks (
        task_id, project_id, description, generator_name, status,
        attempt, claimed_by, claim_token, claim_slot, lease_seconds, lease_expires_at
      )
      values
        ('TASK-1', 'alpha', 'Do it', 'hls', 'pending', 0, null, null, null, null, null),
        ('HELD-1', 'alpha', 'Do it', 'hls', 'in_progress', 1, 'holder', 7, 1, 60, now() + interval '1 minute')`);
  });

  const everything = () => bed.query('select * from tasks order by task_id');

  it.each(Object.entries(READS))('%s finds only what is covered', async (_, rowsFor) => {
    const database = open();
    for (const covered of [['beta'], [], ['ALPHA', 'alpha ']])
      expect(await rowsFor(database, covered)).toBe(0);
    for (const covered of [null, ['alpha'], ['beta', 'alpha']])
      expect(await rowsFor(database, covered)).toBeGreaterThan(0);
    await database.close();
  });

  it.each(Object.entries(WRITES))('%s changes only what is covered', async (_, write) => {
    const writeFor = async (covered: Covered) => {
      const database = open();
      await write(database, covered);
      await database.close();
    };
    const before = await everything();
    for (const covered of [['beta'], []]) await writeFor(covered);
    expect(await everything()).toEqual(before);
    await writeFor(['beta', 'alpha']);
    expect(await everything()).not.toEqual(before);
  });
});
