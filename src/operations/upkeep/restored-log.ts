import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../../db/sql/constant.ts';
import { countsOfEvents, LOGGED_PROJECTS } from '../../db/sql/counts.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';

const MOST = constant(REMOVED_PER_STEP.events);

/** The first id that a transaction can have (PostgreSQL, FirstNormalTransactionId). */
const BEFORE_ALL = sql`'3'::xid8`;

/** Stands in `counted_before` from the discovery on: ids of transactions grow, so what tells now may not tell later. */
const RESTORED = sql`'18446744073709551615'::xid8`;

/** Events of another cluster's transactions, of which this one cannot have had any. */
const foreignEvents = (next: SQL, most: SQL): SQL => sql`
      select head.project_id, head.xid, head.seq
      from logged_projects
      cross join lateral (
        select project_id, xid, seq
        from task_events
        where task_events.project_id = logged_projects.project_id
          and xid >= ${next}
        order by xid, seq
        limit ${most}
      ) as head
      limit ${most}`;

export interface Renumbered {
  readonly isRestored: boolean;
  readonly count: number;
}

// The state is read as the snapshot has it, without a lock: a state from after the snapshot may be ahead of it by right.
export const RENUMBER_EVENTS = defineRenewal<Record<never, never>, Renumbered>({
  name: 'renumber_events',
  build: () => ({
    steps: sql`
    restored as materialized (
      select counted_before, pg_snapshot_xmax(snapshot) as next_xid
      from log_state
      cross join pg_current_snapshot() as snapshot
      where counted_before > pg_snapshot_xmax(snapshot)
    ),
    marked as (
      update log_state
      set epoch = gen_random_uuid(), counted_before = ${RESTORED}
      from restored
      where log_state.counted_before = restored.counted_before
        and restored.counted_before <> ${RESTORED}
    ),${LOGGED_PROJECTS},
    foreign_events as materialized (${foreignEvents(sql`(select next_xid from restored)`, MOST)}
    ),
    renumbered as (
      update task_events
      set xid = ${BEFORE_ALL}
      from foreign_events
      where task_events.project_id = foreign_events.project_id
        and task_events.xid = foreign_events.xid
        and task_events.seq = foreign_events.seq
      returning task_events.seq
    )`,
    outcome: sql`
    select exists (select from restored) as is_restored, (select count(*) from renumbered) as renumbered`,
  }),
  toRow: (row) => ({ isRestored: row['is_restored'] === true, count: Number(row['renumbered']) }),
});

// The tasks are counted as they were before the transactions whose events are yet to be counted. Two at once: the second
// waits for the row, and then it is no longer marked.
export const BEGIN_LOG_ANEW = defineRenewal<Record<never, never>, true>({
  name: 'begin_log_anew',
  build: () => ({
    steps: sql`
    locked as materialized (
      select counted_before
      from log_state
      where counted_before = ${RESTORED}
      for update
    ),
    state as materialized (
      select pg_snapshot_xmin(pg_current_snapshot()) as open_from
      from locked
      where not exists (${foreignEvents(sql`pg_snapshot_xmax(pg_current_snapshot())`, sql`1`)}
      )
    ),${countsOfEvents(sql`task_events.xid >= (select open_from from state)`, sql`true`)},
    parts as (
      select project_id, status, 0 as shard, count(*) as tasks
      from tasks
      cross join state
      group by project_id, status
      union all
      select project_id, status, 0, -tasks
      from counts
      union all
      select project_id, status, shard, 0
      from task_counters
      cross join state
    ),
    recounted as (
      insert into task_counters as counter (project_id, status, shard, tasks)
      select project_id, status, shard, sum(tasks)
      from parts
      group by project_id, status, shard
      order by project_id, status, shard
      on conflict (project_id, status, shard) do update
      set tasks = excluded.tasks
    ),
    unfloored as (
      delete from log_floors
      using state
    ),
    begun as (
      update log_state
      set epoch = gen_random_uuid(), counted_before = state.open_from
      from state
    )`,
    outcome: sql`select true as is_begun`,
  }),
  toRow: () => true,
});
