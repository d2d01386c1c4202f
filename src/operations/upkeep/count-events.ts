import { sql } from 'drizzle-orm/sql';
import type { Database } from '../../db/database.ts';
import { countsOfEvents } from '../../db/sql/counts.ts';
import { defineRenewal } from '../../db/statement.ts';

// Every transaction below `upto` has ended, so the snapshot has all of its events. Two at once: the second waits for
// the row, and then finds nothing left to count in its snapshot.
export const COUNT_EVENTS = defineRenewal<Record<never, never>, true>({
  name: 'count_events',
  build: () => ({
    steps: sql`
    state as materialized (
      select counted_before
      from log_state
      for update
    ),
    upto as materialized (
      select greatest(pg_snapshot_xmin(pg_current_snapshot()), counted_before) as xid
      from state
    ),${countsOfEvents(
      sql`task_events.xid >= (select counted_before from state)
          and task_events.xid < (select xid from upto)`,
      sql`true`,
    )},
    counted as (
      insert into task_counters as counter (project_id, status, shard, tasks, waits, wait_ms)
      select project_id, status, 0, tasks, waits, wait_ms
      from counts
      order by project_id, status
      on conflict (project_id, status, shard) do update
      set tasks = counter.tasks + excluded.tasks,
          waits = array(
            select before + more
            from unnest(counter.waits, excluded.waits) with ordinality as bound (before, more, place)
            order by place
          ),
          wait_ms = counter.wait_ms + excluded.wait_ms
    ),
    advanced as (
      update log_state
      set counted_before = upto.xid
      from upto
    )`,
    outcome: sql`select true as counted from upto`,
  }),
  toRow: () => true,
});

/** Counts what the log has for `/metrics`, so that a scrape need not. Safe at any time, and twice at once. */
export async function countEvents(database: Database): Promise<void> {
  await database.run(COUNT_EVENTS, {});
}
