import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import type { Database } from '../../src/db/database.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { planTransition } from '../../src/domain/transitions.ts';
import { ADD_TASKS } from '../../src/operations/add-tasks.ts';
import { DELETE_TASK } from '../../src/operations/delete-task.ts';
import { GET_TASK } from '../../src/operations/get-task.ts';
import { LIST_TASKS, LIST_TASKS_OF_STATUS } from '../../src/operations/list-tasks.ts';
import { MOVE_TASK, MOVE_TASK_OF_ANY_PROJECT } from '../../src/operations/move-task.ts';
import { NEXT_TASK } from '../../src/operations/next-task.ts';
import { READ_METRICS } from '../../src/operations/read-metrics.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const { moveFrom, resetFrom, to } = planTransition('in_progress', false);
const MOVE = { taskId: 'TASK-1', to, moveFrom, resetFrom, completionNotes: null };
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
  },
]);
const ports = { sleep: () => Promise.resolve(), random: () => 0, now: () => performance.now() };

type Covered = readonly string[] | null;

/** How many rows each statement finds in alpha, for a caller of these projects; no operation has checked them. */
const READS: Readonly<Record<string, (database: Database, covered: Covered) => Promise<number>>> = {
  next_task: async (database, covered) =>
    (await database.run(NEXT_TASK, { projectId: 'alpha', status: 'pending', covered })).length,
  get_task: async (database, covered) =>
    (await database.run(GET_TASK, { projectId: 'alpha', taskId: 'TASK-1', covered })).length,
  read_metrics: async (database, covered) => (await database.run(READ_METRICS, { covered })).length,
  list_tasks: async (database, covered) => (await database.run(LIST_TASKS, { ...PAGE, covered })).length,
  list_tasks_of_status: async (database, covered) =>
    (await database.run(LIST_TASKS_OF_STATUS, { ...PAGE, status: 'pending', covered })).length,
};

const WRITES: Readonly<Record<string, (database: Database, covered: Covered) => Promise<unknown>>> = {
  move_task: (database, covered) => database.run(MOVE_TASK, { ...MOVE, projectId: 'alpha', covered }),
  move_task_of_any_project: (database, covered) =>
    database.run(MOVE_TASK_OF_ANY_PROJECT, { ...MOVE, covered }),
  add_tasks: (database, covered) => database.run(ADD_TASKS, { batch: BATCH, covered }),
  delete_task: (database, covered) =>
    database.run(DELETE_TASK, { projectId: 'alpha', taskId: 'TASK-1', covered }),
};

describe.each(DRIVERS)('a statement by itself over %s', (driver) => {
  let bed: DatabaseUnderTest;
  const open = () => connect({ driver, connectionString: bed[driver] }, RETRY_POLICY, ports);

  beforeAll(async () => {
    bed = await openTestDatabase();
    await bed.query(
      `insert into tasks (task_id, project_id, description) values ('TASK-1', 'alpha', 'Do it')`,
    );
  });

  const everything = () => bed.query('select task_id, status, updated_at from tasks order by task_id');

  it.each(Object.entries(READS))('%s finds only what is covered', async (_, rowsFor) => {
    const database = open();
    for (const covered of [['beta'], [], ['ALPHA', 'alpha ']])
      expect(await rowsFor(database, covered)).toBe(0);
    for (const covered of [null, ['alpha'], ['beta', 'alpha']])
      expect(await rowsFor(database, covered)).toBe(1);
    await database.close();
  });

  it.each(Object.entries(WRITES))('%s changes only what is covered', async (_, write) => {
    const database = open();
    const before = await everything();
    for (const covered of [['beta'], []]) await write(database, covered);
    expect(await everything()).toEqual(before);
    await write(database, ['beta', 'alpha']);
    expect(await everything()).not.toEqual(before);
    await bed.query(`delete from tasks where task_id = 'NEW-1'`);
    await bed.query(`update tasks set status = 'pending'`);
    await database.close();
  });
});
