import { fillPlaceholders } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { REMOVE_DELETED } from '../../src/operations/upkeep/remove-deleted.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { EVERY_USE, type Use, useOf } from '../support/operations.ts';
import { costOf, explain } from '../support/plan.ts';

const PROJECT = 'project-3';

/** What every write binds besides its own values, and what leads the examples to the project of this table. */
const OVERRIDES = {
  project: PROJECT,
  project_id: PROJECT,
  task_id: 'TASK-77',
  max_rows: 21,
  log_caller: 'test',
  log_request: '00000000-0000-4000-8000-000000000000',
  record_key: 'key',
  record_fingerprint: '',
  record_seconds: 60,
  batch: JSON.stringify([{ task_id: 'NEW-1', project_id: PROJECT, description: 'Do it', status: 'pending' }]),
};

const named = (name: string) => ({ name, use: useOf(name) });
/** A statement and all that it may be sent as. */
const EVERY_STATEMENT = EVERY_USE.flatMap((use) => {
  const { forms } = use.statement;
  const others = [forms?.keyed, forms?.repeated?.again].filter((form) => form !== undefined);
  return [use.statement, ...others].map(({ name, query }) => ({
    name,
    use: { ...use, statement: { ...use.statement, query } },
  }));
});

/**
 * Some leave their work to functions of the database, whose plans EXPLAIN does not show: graph-plans.test.ts counts what
 * they read. One reads the projects, which are few.
 */
const LEFT_OUT: readonly string[] = [
  'put_need',
  'delete_need',
  'provide_artifact',
  'put_project',
  'list_projects',
  'edit_task',
  'delete_task',
  'restore_task',
  'import_lines',
];

/** How a plan comes about: once for all values, as of a named statement, or for those of one request. */
const WAYS = [
  ['for any values', undefined],
  ['for a caller of all projects', null],
  ['for a caller of two projects', [PROJECT, 'project-4']],
] as const;

/** What has become due, or lost its agent, is sorted anyway. */
const LATE_BY_BITMAP = /Bitmap Heap Scan on tasks.*\n\s*Recheck Cond: .*\b(?:ready_at|lease_check_at) <= .*/g;

let database: DatabaseUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  // The trigger that logs tasks, one by one, leaves those alone that have a version.
  await database.query(`
    insert into tasks (task_id, project_id, description, version, status, completed_at)
    select 'TASK-' || n / 10, 'project-' || n % 10, 'Do it', 1, status, case when status = 'completed' then now() end
    from generate_series(1, 100000) as n,
    lateral (select case when n % 10 = n / 10 % 10 then 'pending' else 'completed' end as status) as state`);
  await database.query(`
    insert into task_events (project_id, xid, task_id, version, at, type, caller)
    select 'project-' || n % 10, n::text::xid8, 'TASK-' || n / 10 % 100, 1, now(), 'moved', 'test'
    from generate_series(1, 100000) as n`);
  await database.query(`
    insert into projects (project_id)
    select 'project-' || n from generate_series(0, 20000) as n
    on conflict do nothing`);
  await database.query(`
    insert into id_reservations (reservation_id, project_id, artifact_type, first_number, count, expires_at, confirmed_at)
    select n::text, 'project-' || n % 10, 'US', n, 1, now() - n * interval '1 second', case when n % 100 > 0 then now() end
    from generate_series(1, 100000) as n`);
  await database.query(`
    insert into task_notes (project_id, task_seq, version, at, author, text)
    select project_id, seq, 1 + n, now(), 'test', repeat('Noted ', 60)
    from tasks, generate_series(1, 2) as n
    where project_id = '${PROJECT}'`);
  await database.query(`
    insert into deleted_tasks (project_id, task_id, seq, deleted_at, task, attempts, needs, dependents)
    select 'project-' || n % 10, 'GONE-' || n, n, now(), '{}', '[]', '[]', '[]'
    from generate_series(1, 20000) as n`);
  await database.query(
    `insert into task_labels (project_id, label, seq) select project_id, 'docs', seq from tasks`,
  );
  await database.query(`
    insert into attempts (project_id, task_id, agent_id, attempt, ended_at, outcome)
    select 'project-' || n % 10, 'TASK-' || n / 10 % 100, 'agent', 1, now(), 'failed'
    from generate_series(1, 100000) as n`);
  await database.query(`
    alter table artifacts disable trigger user;
    insert into artifacts (project_id, name, provided_at)
    select 'project-' || n % 10, 'MADE-' || n, now() - n * interval '1 minute' from generate_series(1, 100000) as n;
    alter table artifacts enable trigger user`);
  await database.query(`
    insert into id_counters (project_id, prefix, last_number)
    select 'project-' || n % 10, 'P-' || n, n from generate_series(1, 20000) as n`);
  await database.query(`
    insert into id_floors (project_id, prefix, number)
    select 'project-' || n % 10, 'P-' || n, n from generate_series(1, 20000) as n`);
  await database.query(`
    alter table task_needs disable trigger user;
    insert into task_needs (project_id, task_id, kind, need, need_group)
    select 'project-' || n % 10, 'TASK-' || n / 10, 'artifact', 'MADE-' || n, 'MADE-' || n
    from generate_series(1, 20000) as n;
    alter table task_needs enable trigger user`);
  await database.query('analyze');
});

describe.each(WAYS)('the plan of a statement over a large table %s', (_, allowed) => {
  const planOf = ({ statement: { query }, values: used }: Use) => {
    const values = fillPlaceholders(query.params, { ...used, ...OVERRIDES, allowed_projects: allowed });
    return explain(database, query.sql, allowed === undefined ? undefined : values);
  };

  // The forms of a write differ in what they write only, so one way will do for those.
  const statements =
    allowed === undefined ? EVERY_STATEMENT : EVERY_USE.map((use) => ({ name: use.statement.name, use }));

  it.each(statements.filter(({ use }) => !LEFT_OUT.includes(use.operation)))(
    '$name finds its rows by index',
    async ({ use }) => {
      const plan = (await planOf(use)).replaceAll(LATE_BY_BITMAP, '');
      expect(plan).toMatch(/Index (Only )?Scan/);
      expect(plan).not.toMatch(/Seq Scan on (?:tasks|task_notes|deleted_tasks)|Bitmap Heap Scan on tasks/);
    },
  );

  it.each(
    EVERY_USE.filter(({ operation }) => operation === 'export_project').map(({ statement }) =>
      named(statement.name),
    ),
  )('$name reads a page of its table in the order of an index', async ({ use }) => {
    const plan = await planOf(use);
    expect(plan).not.toMatch(
      /Seq Scan on (?:task_events|attempts|artifacts|id_counters|id_floors|task_needs)/,
    );
    expect(plan).not.toMatch(/Bitmap Heap Scan on (?:task_events|artifacts)/);
  });

  it.each([
    { ...named('claim_task'), ready: 'tasks_ready', putOff: 'tasks_put_off' },
    {
      ...named('claim_task_for_generator'),
      ready: 'tasks_ready_by_generator',
      putOff: 'tasks_put_off_by_generator',
    },
    { ...named('claim_tasks'), ready: 'tasks_ready', putOff: 'tasks_put_off' },
    {
      ...named('claim_tasks_for_generator'),
      ready: 'tasks_ready_by_generator',
      putOff: 'tasks_put_off_by_generator',
    },
  ])(
    '$name reads only its own claims, the first ready tasks and those that somebody waits for, even without statistics',
    async ({ use, ready, putOff }) => {
      const plan = await planOf(use);
      expect(plan).toMatch(/Index Scan using tasks_claim_slots on tasks.*\n\s*Index Cond: .*claimed_by = /);
      expect(plan).toMatch(
        new RegExp(`Index Scan using ${ready} on tasks.*\\n\\s*Index Cond: .*ROW\\(priority, seq\\) < ROW`),
      );
      // The first due, what is due by now, and the next that will be.
      expect(plan).toMatch(new RegExp(`(?:using|on) ${putOff}\\b.*\\n\\s*Index Cond: .*ready_at <= `));
      expect(plan).toMatch(new RegExp(`using ${putOff} on tasks.*\\n\\s*Index Cond: .*ready_at > `));
      expect(plan).toMatch(/(?:using|on) tasks_leased\b.*\n\s*Index Cond: .*lease_check_at <= /);
    },
  );

  it('read_metrics reads one task a project, in order and without sorting', async () => {
    const plan = await planOf(useOf('read_metrics'));
    expect(plan).toMatch(/Limit\b.*\n\s*->\s+Index Scan using tasks_by_status_in_order on tasks/);
  });

  it('next_due_task reads the first ready task in order, and sorts what has become due only', async () => {
    const plan = await planOf(useOf('next_due_task'));
    expect(plan).toMatch(
      /Limit.*\n(?:\s*->\s+Result.*\n.*Filter.*\n)?\s*->\s+Index Scan using tasks_ready on tasks/,
    );
    expect(plan).toMatch(/(?:using|on) tasks_put_off\b.*\n\s*Index Cond: .*ready_at <= /);
  });

  it.each([
    { ...named('next_task_of_status'), index: 'tasks_by_status_in_order' },
    { ...named('list_tasks'), index: 'tasks_in_order' },
    { ...named('list_tasks_of_status'), index: 'tasks_by_status_in_order' },
  ])('$name reads in order without sorting', async ({ index, use }) => {
    const plan = await planOf(use);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Sort');
  });

  it.each([
    ['delete_expired_reservations', /Limit.*\n.*LockRows.*\n.*Index Scan using id_reservations_unconfirmed/],
    ['reserve_ids', /Limit.*\n.*LockRows.*\n.*Index Scan using id_reservations_by_expiry/],
    ['confirm_reservation', /Index Scan using id_reservations_pkey/],
  ])('%s finds reservations by index', async (name, found) => {
    const plan = await planOf(useOf(name));
    expect(plan).toMatch(found);
    expect(plan).not.toMatch(/Seq Scan on id_reservations/);
  });

  it('read_events reads the log in order from a position on, without sorting', async () => {
    const plan = await planOf(useOf('read_events'));
    expect(plan).toMatch(
      /Index Scan using task_events_pkey on task_events.*\n\s*Index Cond: .*ROW\(xid, seq\) > ROW.*\(xid < /,
    );
    // The page itself, once more at the end.
    expect(plan.match(/\bSort Key\b/g)).toHaveLength(1);
    expect(plan).toMatch(/^Sort .*\n\s*Sort Key: page\.xid, page\.seq\n/);
    expect(plan).not.toMatch(/Seq Scan on task_events|Bitmap Heap Scan on task_events/);
  });

  it('read_statistics reads the newest events back from the end, and attempts and tasks one by one', async () => {
    const plan = await planOf(useOf('read_statistics'));
    expect(plan).toMatch(
      /Index Scan Backward using task_events_pkey on task_events.*\n\s*Index Cond: .*ROW\(xid, seq\) < ROW/,
    );
    expect(plan).not.toContain('Sort Key: task_events');
    expect(plan).toMatch(/Limit.*\n\s*->\s+Index Scan Backward using attempts_pkey on attempts/);
    expect(plan).toMatch(/Index Scan using tasks_pkey on tasks/);
    expect(plan).not.toMatch(/(?:Seq|Heap) Scan on (?:task_events|attempts|tasks|deleted_tasks)/);
    // Above that, PostgreSQL compiles a statement first, which takes longer than this one does.
    expect(costOf(plan)).toBeLessThan(100_000);
  });

  it('list_notes reads the notes of its task in order, without sorting', async () => {
    const plan = await planOf(useOf('list_notes'));
    expect(plan).toMatch(/Limit.*\n\s*->\s+Index Scan using task_notes_pkey on task_notes/);
  });

  it.each(['claim_task', 'claim_task_for_generator', 'claim_tasks', 'next_due_task'])(
    '%s reads nothing of deleted tasks, notes and labels',
    async (name) => {
      expect(await planOf(useOf(name))).not.toMatch(/deleted_tasks|task_notes|task_labels/);
    },
  );

  it.each(['read_history', 'read_history_from_the_start'])(
    '%s reads the events of its task in order, without sorting',
    async (name) => {
      const plan = await planOf(useOf(name));
      expect(plan).toMatch(
        /Limit.*\n(?:\s*InitPlan.*\n.*\n)?\s*->\s+Index Scan (?:Backward )?using task_events_by_task on task_events/,
      );
    },
  );
});

it('remove_deleted finds the oldest deleted tasks by index', async () => {
  const plan = await explain(database, REMOVE_DELETED.query.sql);
  expect(plan).toMatch(/Index Scan using deleted_tasks_by_age on deleted_tasks/);
  expect(plan).not.toMatch(/Seq Scan on (?:task_notes|deleted_tasks)/);
});

it('the tasks of a label are found in order of creation, without sorting', async () => {
  const plan = await explain(
    database,
    `select seq
    from task_labels
    where project_id = $1 and label = $2 and seq > $3
    order by seq
    limit (select 21)`,
  );
  expect(plan).toMatch(/Index Only Scan using task_labels_pkey on task_labels/);
  expect(plan).not.toMatch(/Sort|Seq Scan/);
});
