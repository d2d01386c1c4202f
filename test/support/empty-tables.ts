/**
 * Makes `test_support.empty_tables()`, which leaves a test's database as it was opened, but for its sequences. TRUNCATE
 * would give the tables new files, for which every connection forgets its plans: to plan anew takes longer than most tests.
 */
export const CREATE_EMPTY_TABLES = `
  create schema test_support;
  create function test_support.empty_tables() returns void
  language plpgsql set session_replication_role = replica as $$
  declare
    emptied text;
  begin
    -- As TRUNCATE, it waits for statements that still write.
    lock table tasks, idempotency_keys in access exclusive mode;
    for emptied in select tablename from pg_tables where schemaname = 'public' and tablename <> 'log_state' loop
      execute format('delete from %I', emptied);
    end loop;
    update log_state set epoch = gen_random_uuid(), counted_before = pg_snapshot_xmin(pg_current_snapshot());
  end $$`;

/**
 * Autovacuum may have analyzed what an earlier file stored: by statistics of a few tasks with equal ids, the planner
 * would read a large table whole.
 */
export const FORGET_STATISTICS = `
  delete from pg_statistic
  where starelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`;

/** A statement that empties every table. */
export const EMPTY_TABLES = 'select test_support.empty_tables()';
