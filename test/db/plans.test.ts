import { fillPlaceholders } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { EVERY_USE, type Use, useOf } from '../support/operations.ts';

const PROJECT = 'project-3';

/** What every write binds besides its own values, and what leads the examples to the project of this table. */
const OVERRIDES = {
  project: PROJECT,
  project_id: PROJECT,
  task_id: 'TASK-77',
  max_rows: 21,
  record_caller: '',
  record_key: 'key',
  record_fingerprint: '',
  record_seconds: 60,
  batch: JSON.stringify([{ task_id: 'NEW-1', project_id: PROJECT, description: 'Do it', status: 'pending' }]),
};

const named = (name: string) => ({ name, use: useOf(name) });
const EVERY_STATEMENT = EVERY_USE.map((use) => ({ name: use.statement.name, use }));

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

describe.each(WAYS)('the plan of a statement over a large table %s', (_, allowed) => {
  const planOf = async ({ statement: { query }, values: used }: Use) => {
    const values = fillPlaceholders(query.params, { ...used, ...OVERRIDES, allowed_projects: allowed });
    const lines = await (allowed === undefined
      ? database.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${query.sql}`)
      : database.query<{ 'QUERY PLAN': string }>(`explain ${query.sql}`, values));
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  };

  it.each(EVERY_STATEMENT)('$name finds its rows by index', async ({ use }) => {
    const plan = await planOf(use);
    expect(plan).toMatch(/Index (Only )?Scan/);
    expect(plan).not.toMatch(/Seq Scan on tasks|Bitmap Heap Scan on tasks/);
  });

  it.each([named('claim_task'), named('claim_task_for_generator')])(
    '$name reads only the claims of its agent, even without statistics on claims',
    async ({ use }) => {
      const plan = await planOf(use);
      expect(plan).toMatch(/Index Scan using tasks_claim_slots on tasks.*\n\s*Index Cond: .*claimed_by = /);
      expect(plan).toContain('Index Scan using tasks_last_attempts on tasks');
    },
  );

  it.each([
    { ...named('claim_task'), index: 'tasks_awaited' },
    { ...named('claim_task_for_generator'), index: 'tasks_awaited_by_generator' },
  ])(
    '$name reads only the first lease and due task, even without statistics on them',
    async ({ index, use }) => {
      const lookups = (await planOf(use)).matchAll(
        new RegExp(
          `Limit\\b.*\\n(?:\\s*->  Result.*\\n.*\\n)?\\s*->  Index Only Scan using ${index} on tasks`,
          'g',
        ),
      );
      expect([...lookups]).toHaveLength(2);
    },
  );

  it('read_metrics reads one task a project, in order and without sorting', async () => {
    const plan = await planOf(useOf('read_metrics'));
    expect(plan).toMatch(/Limit\b.*\n\s*->\s+Index Scan using tasks_by_status_in_order on tasks/);
  });

  it.each([
    { ...named('next_due_task'), index: 'tasks_claimable' },
    { ...named('next_task_of_status'), index: 'tasks_by_status_in_order' },
    { ...named('list_tasks'), index: 'tasks_in_order' },
    { ...named('list_tasks_of_status'), index: 'tasks_by_status_in_order' },
  ])('$name reads in order without sorting', async ({ index, use }) => {
    const plan = await planOf(use);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Sort');
  });
});
