import { beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLE_LINES } from '../../src/contract/examples.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

/** What tables of a few rows may have read in sequence; a large one has 50,000 of the project. */
const FEW = 1_000;
/** What a call may read of them in all, by index too. */
const SMALL_PART = 10_000;

const [TASK] = EXAMPLE_LINES;
const NEED = { task_id: 'T-3', when: 'completed', on_failure: 'block', state: null, need_group: 'task:T-3' };
/** A new task, one that is replaced, and one that is gone, as the statement of an import gives them. */
const LINES = JSON.stringify([
  { ...TASK, task_id: 'T-60000', needs: [NEED, { ...NEED, task_id: 'T-70000' }], place: 0, round: 0 },
  { ...TASK, task_id: 'T-40000', revision: 9, status: 'cancelled', needs: [NEED], place: 1, round: 0 },
  { kind: 'gone', task_id: 'T-30000', version: 9, status: 'failed', place: 2, round: 0 },
]);

/** A table that the statistics know, of another project or of this one as well. */
type Known = 'nothing' | 'another project' | 'everything';

async function openLarge(known: Known): Promise<DatabaseUnderTest> {
  const database = await openTestDatabase();
  if (known === 'another project') {
    await fill(database, 'other');
    await database.query('analyze');
  }
  await fill(database, 'p');
  await database.query(`
    insert into tasks (task_id, project_id, description, version, labels) values ('T-50001', 'p', 'Do it', 1, '["a"]');
    select from delete_task('p', 'T-50001', false)`);
  if (known === 'everything') await database.query('analyze');
  return database;
}

async function fill(database: DatabaseUnderTest, project: string): Promise<void> {
  await database.query(`
    insert into tasks (task_id, project_id, description, version, unmet_needs, ready_at, in_graph)
    select 'T-' || n, '${project}', 'Do it', 1, (n > 1)::int, case when n > 1 then 'infinity'::timestamptz end, true
    from generate_series(1, 50000) as n`);
  await database.query('alter table task_needs disable trigger user');
  await database.query(`
    insert into task_needs (project_id, task_id, kind, need, need_group, parent)
    select '${project}', 'T-' || n, 'task', 'T-' || n / 2, 'task:T-' || n / 2, 'T-' || n / 2
    from generate_series(2, 50000) as n`);
  await database.query('alter table task_needs enable trigger user');
}

/** EXPLAIN does not show what functions do, but the server counts what they read. */
describe.each(['nothing', 'another project', 'everything'] as const)(
  'the functions of the graph over a large table of which the planner knows %s',
  (known) => {
    let database: DatabaseUnderTest;

    beforeAll(async () => {
      database = await openLarge(known);
    }, 60_000);

    it.each([
      `select from put_need('p', 'T-40000', 'T-3', 'completed', 'task:T-3', 'block')`,
      `select from delete_need('p', 'T-40000', 'T-3')`,
      `select from provide_artifact('p', 'A', null, null, null)`,
      `select from edit_task('p', 'T-40000', null, '{"priority": 0, "not_before": null, "labels": ["a"]}', 4096)`,
      `select from edit_task('p', 'T-3', 1, '{"inputs": ["A"], "expected_outputs": ["B"]}', 4096)`,
      `select from delete_task('p', 'T-40000', false)`,
      `select from delete_task('p', 'T-40000', true)`,
      `select from restore_task('p', 'T-50001')`,
      `select from (select hold_tasks('p', (select array_agg(seq) from (select seq from tasks where project_id = 'p' order by seq limit (select 100)) as first))) as held`,
      `select from settle_needs('p', array['T-40000', 'T-40001'])`,
      `select from inherit_priority('p', array['T-3'])`,
      `select from (select readiness_counts('p', now(), 1000)) as counts`,
      `select from (select claim_context('p', 'T-40000', 20, 3, 8192)) as context`,
      `select from put_project('p', null, 'checked', false, null, null)`,
      `select from import_lines('p', '${LINES}', false, 1000)`,
    ])('%s reads a small part of it', async (call) => {
      // What the calls before it read, which the server counts on for a while.
      await database.query('select pg_stat_force_next_flush()');
      const [read] = await database.query<{ in_sequence: string; in_all: string }>(`
      select counted.*
      from (select count(*) as calls from (${call}) as called) as called
      cross join lateral (
        select
          coalesce(sum(seq_tup_read), 0) + 0 * called.calls as in_sequence,
          coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) as in_all
        from pg_stat_xact_user_tables
        where relname in ('tasks', 'task_needs', 'artifact_producers')
      ) as counted`);
      expect(Number(read?.in_sequence)).toBeLessThan(FEW);
      expect(Number(read?.in_all)).toBeLessThan(SMALL_PART);
    });
  },
);
