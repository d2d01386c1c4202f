import { sql } from 'drizzle-orm/sql';
import type { LogPosition } from '../contract/log-cursor.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRead, type RawRow } from '../db/statement.ts';
import { type Event, eventColumns, toEvent } from './shown-event.ts';

type Place = Pick<LogPosition, 'xid' | 'seq'>;

/** What the look found of the log as a whole; the same in every row. */
interface LogState {
  readonly epoch: string;
  readonly isExpired: boolean;
  readonly start: Place;
  /** Of the last event that was deleted; zeros where there is none. */
  readonly floor: Place;
  /** Of the last readable event; known only where the look asked for it. */
  readonly head: Place;
  readonly lagSeconds: number;
}

interface Entry {
  readonly event: Event;
  readonly position: Place;
  /** False for the last event read, where it is of another type: it tells how far the look came. */
  readonly isShown: boolean;
  /** The look has read all that it may, so there may be more. */
  readonly isLastOfLook: boolean;
}

type Look = ProjectScope & {
  readonly project: string;
  /** Null stands for all. */
  readonly types: readonly string[] | null;
  readonly from_now: boolean;
  readonly after_epoch: string | null;
  readonly after_xid: string | null;
  readonly after_seq: string | null;
  readonly max_rows: number;
  readonly max_read: number;
};

function toLook(row: RawRow): { readonly log: LogState; readonly entry: Entry | undefined } {
  // Casts and types of the columns guarantee the values. 64-bit numbers are texts.
  const place = (of: string): Place => ({ xid: row[`${of}_xid`] as string, seq: row[`${of}_seq`] as string });
  const log = {
    epoch: row['epoch'] as string,
    isExpired: row['is_expired'] === true,
    start: place('start'),
    floor: place('floor'),
    head: place('head'),
    lagSeconds: Number(row['lag_seconds']),
  };
  if (row['seq'] === null) return { log, entry: undefined };
  const entry = {
    event: toEvent(row),
    position: { xid: row['event_xid'] as string, seq: String(row['seq']) },
    isShown: row['is_shown'] === true,
    isLastOfLook: row['is_last_of_look'] === true,
  };
  return { log, entry };
}

/**
 * One look at the log, in the order of (xid, seq). Sequences commit out of order and so do transactions: only below the
 * oldest open one is everything there that ever will be. A cursor is expired where it is of another epoch, of a
 * transaction that has not been, or of before what is kept. A log that counts on ids that have not been was restored from
 * another cluster; nothing of it is readable until the upkeep has renumbered it.
 */
export const READ_EVENTS = defineRead<Look, ReturnType<typeof toLook>>({
  name: 'read_events',
  build: (value) => sql`
    with bounds as materialized (
      select
        log_state.epoch,
        case when counted_before > pg_snapshot_xmax(snapshot) then '0' else pg_snapshot_xmin(snapshot) end as open_from,
        coalesce(floor.xid, '0') as floor_xid,
        coalesce(floor.seq, 0) as floor_seq,
        coalesce(
          ${value('after_epoch')}::uuid <> log_state.epoch
            or ${value('after_xid')}::xid8 >= pg_snapshot_xmax(snapshot)
            or (${value('after_xid')}::xid8, ${value('after_seq')}::bigint) < (floor.xid, floor.seq),
          false
        ) as is_expired
      from log_state
      cross join pg_current_snapshot() as snapshot
      left join log_floors as floor on floor.project_id = ${value('project')}
      where ${isAllowed(value('project'), value('allowed_projects'))}
      limit 1
    ),
    start as materialized (
      select
        bounds.*,
        coalesce(head.xid, floor_xid) as head_xid,
        coalesce(head.seq, floor_seq) as head_seq,
        coalesce(${value('after_xid')}::xid8, head.xid, floor_xid) as xid,
        coalesce(${value('after_seq')}::bigint, head.seq, floor_seq) as seq,
        coalesce((
          select greatest(extract(epoch from task_clock() - at), 0)
          from task_events
          where project_id = ${value('project')}
            and xid >= open_from
          order by xid, seq
          limit 1
        ), 0)::float8 as lag_seconds
      from bounds
      left join lateral (
        select xid, seq
        from task_events
        where project_id = ${value('project')}
          and xid < open_from
          and (is_expired or ${value('from_now')}::boolean)
        order by xid desc, seq desc
        limit 1
      ) as head on true
    ),
    page as materialized (
      select *
      from (
        select
          found.*,
          not is_history
            and (${value('types')}::text[] is null or type = any(${value('types')}::text[])) as is_shown,
          lead(seq) over in_order is null as is_last,
          row_number() over in_order = ${value('max_read')} as is_last_of_look
        from (
          select *
          from task_events
          where project_id = ${value('project')}
            and (xid, seq) > ((select xid from start), (select seq from start))
            and xid < (select open_from from start where not is_expired)
          order by xid, seq
          limit ${hiddenLimit(value('max_read'))}
        ) as found
        window in_order as (order by xid, seq)
      ) as read
      where is_shown or is_last
      order by xid, seq
      limit ${value('max_rows')}
    )
    select
      start.epoch, start.is_expired, start.lag_seconds,
      start.xid::text as start_xid, start.seq::text as start_seq,
      start.floor_xid::text as floor_xid, start.floor_seq::text as floor_seq,
      start.head_xid::text as head_xid, start.head_seq::text as head_seq,
      ${eventColumns('page')},
      page.xid::text as event_xid, page.is_shown, page.is_last_of_look
    from start
    left join page on true
    order by page.xid, page.seq`,
  toRow: toLook,
});
