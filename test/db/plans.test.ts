import { beforeAll, describe, expect, it } from 'vitest';
import { ADD_TASKS } from '../../src/operations/add-tasks.ts';
import { DELETE_TASK } from '../../src/operations/delete-task.ts';
import { GET_TASK } from '../../src/operations/get-task.ts';
import { LIST_TASKS, LIST_TASKS_OF_STATUS } from '../../src/operations/list-tasks.ts';
import { MOVE_TASK, MOVE_TASK_OF_ANY_PROJECT } from '../../src/operations/move-task.ts';
import { NEXT_TASK } from '../../src/operations/next-task.ts';
import { READ_METRICS } from '../../src/operations/read-metrics.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

const STATEMENTS = [
  NEXT_TASK,
  GET_TASK,
  LIST_TASKS,
  LIST_TASKS_OF_STATUS,
  MOVE_TASK,
  MOVE_TASK_OF_ANY_PROJECT,
  ADD_TASKS,
  DELETE_TASK,
  READ_METRICS,
];

describe('the plan of a prepared statement over a large table', () => {
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

  const planOf = async (text: string) => {
    const lines = await database.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`);
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  };

  it.each(STATEMENTS.map(({ name, query }) => [name, query.sql]))(
    '%s finds its rows by index',
    async (_, text) => {
      const plan = await planOf(text);
      expect(plan).toMatch(/Index (Only )?Scan/);
      expect(plan).not.toMatch(/Seq Scan on tasks|Bitmap Heap Scan on tasks/);
    },
  );

  it('read_metrics takes one task a project, in order and without sorting tasks', async () => {
    const plan = await planOf(READ_METRICS.query.sql);
    expect(plan).toMatch(/Limit\b.*\n\s*->\s+Index Scan using tasks_by_status_in_order on tasks/);
  });

  it.each([
    ['next_task', NEXT_TASK.query.sql, 'tasks_by_status_in_order'],
    ['list_tasks', LIST_TASKS.query.sql, 'tasks_in_order'],
    ['list_tasks_of_status', LIST_TASKS_OF_STATUS.query.sql, 'tasks_by_status_in_order'],
  ])('%s reads in order without sorting', async (_, text, index) => {
    const plan = await planOf(text);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Sort');
  });
});
