import { beforeAll, describe, expect, it } from 'vitest';
import { CHANGE_TASKS } from '../../src/operations/change-tasks-statement.ts';
import { FIND_TASKS } from '../../src/operations/find-tasks-statement.ts';
import { ORDER_NAMES, type OrderName } from '../../src/operations/list-orders.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { costOf, explain } from '../support/plan.ts';

/** Few projects have most of the tasks, so that the planner expects less of a project than it may have. */
const FILL = `
  insert into tasks (
    task_id, project_id, description, generator_name, labels, version, status, priority, ready_at, unmet_needs,
    claimed_by, claim_token, claim_slot, lease_seconds, lease_expires_at
  )
  select
    'TASK-' || n, 'project-' || case when n % 2 = 0 then 0 else n % 500 end, 'Words of task ' || n, 'gen-' || n % 5,
    '["docs"]', 1, case when n % 10 = 0 then 'in_progress' when n % 10 > 4 then 'failed' else 'pending' end, n % 5,
    case n % 10 when 1 then 'infinity'::timestamptz when 2 then now() end, (n % 10 = 1)::int,
    case when n % 10 = 0 then 'agent-' || n % 1000 end, case when n % 10 = 0 then n end, case when n % 10 = 0 then n / 1000 end,
    case when n % 10 = 0 then 900 end, case when n % 10 = 0 then now() end
  from generate_series(1, 50000) as n`;

/** The part of the filter that a step serves, and the index that it goes by. */
const STEPS: readonly [step: string, ...indexes: string[]][] = [
  ['claimed', 'tasks_claim_slots'],
  ['labelled', 'task_labels_pkey'],
  ['noted', 'task_notes_by_words'],
  ['worded', 'task_search_by_words'],
  ['prefixed', 'task_search_by_id'],
  ['generated', 'task_search_by_generator'],
  ['in_state', 'tasks_ready', 'tasks_put_off', 'tasks_blocked'],
  ['prioritized', 'task_search_by_priority'],
  ['created', 'task_search_by_creation'],
  ['in_status', 'tasks_by_status_in_order'],
];

const WALKS: readonly [order: OrderName, index: string, direction: string][] = [
  ['created', 'tasks_by_status_in_order', 'Scan using'],
  ['created_back', 'tasks_by_status_in_order', 'Scan Backward using'],
  ['moment', 'task_search_by_creation', 'Scan using'],
  ['moment_back', 'task_search_by_creation', 'Scan Backward using'],
  ['priority', 'task_search_by_priority', 'Scan using'],
  ['priority_back', 'task_search_by_priority', 'Scan Backward using'],
];

describe('the plan of a filtered list', () => {
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    await database.query(FILL);
    await database.query(`
      insert into task_notes (project_id, task_seq, version, at, author, text)
      select project_id, seq, 2, now(), 'test', repeat('Noted ', 60) from tasks`);
    await database.query(`
      insert into artifact_producers (project_id, name, task_id)
      select project_id, 'MADE-' || seq, task_id from tasks limit 20000`);
    await database.query('analyze');
  }, 300_000);

  const planOf = (order: OrderName) => explain(database, FIND_TASKS[order].query.sql);

  /** The plan of one step of a statement. */
  function stepOf(plan: string, name: string): string {
    const [, step = ''] = plan.split(`\n  CTE ${name}\n`);
    return step.split(/\n {2}(?:CTE|InitPlan|->)/)[0] ?? '';
  }

  it.each(STEPS)('the step %s goes by %s', async (step, ...indexes) => {
    const plan = stepOf(await planOf('created'), step);
    for (const index of indexes) expect(plan).toMatch(new RegExp(`(?:using|on) ${index}\\b`));
    expect(plan).not.toContain('Seq Scan');
    // Only the words are found by a bitmap, which no order would help.
    if (!['noted', 'worded'].includes(step)) expect(plan).not.toMatch(/Sort|Bitmap/);
  });

  it.each(WALKS)('a list by %s is walked in the order of %s, without sorting', async (order, index, scan) => {
    const plan = await planOf(order);
    for (const step of ['walked', 'walk_end']) {
      expect(stepOf(plan, step)).toContain(`${scan} ${index} on`);
      expect(stepOf(plan, step)).not.toMatch(/\bSort {2}|Bitmap|Seq Scan/);
    }
  });

  it.each(ORDER_NAMES)('each task of a list by %s is found by index', async (order) => {
    const plan = await planOf(order);
    expect(stepOf(plan, 'matching')).toContain('Index Scan using tasks_in_order on tasks');
    expect(plan).not.toMatch(/Hash Join|Seq Scan on task/);
  });

  it.each(ORDER_NAMES)('a list by %s is not expected to be worth compiling', async (order) => {
    const [setting] = await database.query<{ cost: string }>(
      `select current_setting('jit_above_cost') as cost`,
    );
    expect(costOf(await planOf(order))).toBeLessThan(Number(setting?.cost));
  });

  const CHANGES = [
    ['created', 'tasks_by_status_in_order'],
    ['moment', 'task_search_by_creation'],
  ] as const;

  it.each(CHANGES)('a change of many tasks by %s is walked and found by index', async (order, index) => {
    const plan = await explain(database, CHANGE_TASKS[order].query.sql);
    for (const step of ['walked', 'walk_end']) {
      expect(stepOf(plan, step)).toContain(`Scan using ${index} on`);
      expect(stepOf(plan, step)).not.toMatch(/\bSort {2}|Bitmap|Seq Scan/);
    }
    expect(stepOf(plan, 'matched')).toContain('Index Scan using tasks_in_order on tasks');
    expect(plan).not.toMatch(/Seq Scan on (?:tasks|task_search|artifact_producers)/);
    expect(costOf(plan)).toBeLessThan(100_000);
  });
});
