import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import {
  artifactLine,
  attemptLine,
  eventLine,
  goneLine,
  idsLine,
  noteLine,
  projectLine,
  taskLine,
} from '../db/sql/export-lines.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import { lastNumbers } from '../db/sql/last-numbers.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow } from '../db/statement.ts';
import { LIMITS } from '../domain/task.ts';
import { TRANSFER_LIMITS } from '../domain/transfer.ts';

type OfProject = ProjectScope & { readonly project: string };

/** What the statement found of the log and the clock; the same in every row. */
export interface ExportState {
  readonly epoch: string;
  /** Every transaction below it has ended. */
  readonly openFrom: string;
  readonly now: string;
  readonly floor: { readonly xid: string; readonly seq: string };
  readonly head: { readonly xid: string; readonly seq: string };
}

export interface StateAndLine {
  readonly state: ExportState;
  readonly line: Readonly<Record<string, unknown>> | undefined;
}

function toStateAndLine(row: RawRow): StateAndLine {
  // Casts and types of the columns guarantee the values. 64-bit numbers are texts.
  const place = (of: string) => ({ xid: row[`${of}_xid`] as string, seq: row[`${of}_seq`] as string });
  return {
    state: {
      epoch: row['epoch'] as string,
      openFrom: row['open_from'] as string,
      now: row['now'] as string,
      floor: place('floor'),
      head: place('head'),
    },
    line: (row['line'] as StateAndLine['line'] | null) ?? undefined,
  };
}

/** The log as the snapshot has it; no row for a caller that may not see the project. */
const stateOf = (value: Bind<OfProject>): SQL => sql`
    state as materialized (
      select
        log_state.epoch,
        pg_snapshot_xmin(snapshot) as open_from,
        pg_snapshot_xmax(snapshot) as next_xid,
        counted_before > pg_snapshot_xmax(snapshot) as is_restored,
        ${isoMoment(sql`task_clock()`)} as now,
        coalesce(floor.xid, '0') as floor_xid,
        coalesce(floor.seq, 0) as floor_seq,
        coalesce(head.xid, floor.xid, '0') as head_xid,
        coalesce(head.seq, floor.seq, 0) as head_seq
      from log_state
      cross join pg_current_snapshot() as snapshot
      left join log_floors as floor on floor.project_id = ${value('project')}
      left join lateral (
        select xid, seq
        from task_events
        where project_id = ${value('project')}
          and xid < pg_snapshot_xmin(snapshot)
        order by xid desc, seq desc
        limit 1
      ) as head on true
      where ${isAllowed(value('project'), value('allowed_projects'))}
      limit 1
    )`;

const STATE = sql`
      state.epoch::text as epoch, state.open_from::text as open_from, state.now,
      state.floor_xid::text as floor_xid, state.floor_seq::text as floor_seq,
      state.head_xid::text as head_xid, state.head_seq::text as head_seq`;

/** Where an export starts: every change of a transaction from `openFrom` on is told once more at its end. */
export const EXPORT_START = defineRead<OfProject, StateAndLine>({
  name: 'export_start',
  build: (value) => sql`
    with ${stateOf(value)}
    select ${STATE}, ${projectLine(value('project'), sql`null::text`)} as line
    from state
    left join projects on projects.project_id = ${value('project')}`,
  toRow: toStateAndLine,
});

type Changes = OfProject & {
  readonly epoch: string;
  readonly since: string;
  /** Of the last event that was told; zero before the first of a round. */
  readonly told_xid: string;
  readonly told_seq: number;
  /** Artifacts that were provided since are told once more. */
  readonly artifacts_at: string;
};

export interface ChangesRow extends StateAndLine {
  readonly isExpired: boolean;
  /** There are more changes than the page has. */
  readonly hasMore: boolean;
  /** The page does not have every artifact that was provided meanwhile. */
  readonly lacksArtifacts: boolean;
  /** Of the last event that the page tells; undefined where it has none. */
  readonly told: { readonly xid: string; readonly seq: number } | undefined;
}

const MOST = constant(TRANSFER_LIMITS.changesPerPage);
const MOST_ARTIFACTS = constant(TRANSFER_LIMITS.linesPerPage);

/**
 * The events from a transaction on, as far as the snapshot has them, whether or not those before have ended; and as they
 * are in that very snapshot, what they are about. Nothing else has changed since, but for numbers and artifacts, which
 * leave no event: those come along. The page ends before the task with which it would be too large.
 */
export const EXPORT_CHANGES = defineRead<Changes, ChangesRow>({
  name: 'export_changes',
  build: (value) => {
    const ofProject = sql`project_id = ${value('project')}`;
    return sql`
    with ${stateOf(value)},
    found as materialized (
      select event.*, row_number() over (order by xid, seq) as place
      from (
        select *
        from task_events
        where ${ofProject}
          and (xid, seq) > (
            greatest(${value('told_xid')}::xid8, ${value('since')}::xid8),
            case when ${value('told_xid')}::xid8 >= ${value('since')}::xid8 then ${value('told_seq')}::bigint else 0 end
          )
          and exists (select from state)
        order by xid, seq
        limit ${hiddenLimit(sql`${MOST} + 1`)}
      ) as event
    ),
    touched as materialized (
      select
        task_id, min(place) as place, min(at) as since,
        bool_or(type in ('added', 'restored', 'imported')) as is_whole
      from found
      where place <= ${MOST}
        and task_id <> ''
      group by task_id
    ),
    told as materialized (
      select touched.*, task.seq, task.line
      from touched
      left join lateral (
        select tasks.seq, ${taskLine('tasks')} as line
        from tasks
        where tasks.task_id = touched.task_id
          and tasks.${ofProject}
        limit 1
      ) as task on true
    ),
    cut as materialized (
      select coalesce(min(place), ${MOST} + 1) as place
      from (
        select
          place,
          sum(octet_length(line::text)) over (
            order by place rows between unbounded preceding and 1 preceding
          ) as bytes_before
        from told
      ) as measured
      where bytes_before >= ${constant(TRANSFER_LIMITS.pageBytes)}
    ),
    event as materialized (
      select * from found where place < (select place from cut)
    ),
    task as materialized (
      select * from told where place < (select place from cut)
    ),
    artifact as materialized (
      select *
      from artifacts
      where ${ofProject}
        and provided_at >= ${value('artifacts_at')}::timestamptz
          - make_interval(secs => ${constant(TRANSFER_LIMITS.openSeconds)})
        and exists (select from state)
      order by provided_at
      limit ${hiddenLimit(sql`${MOST_ARTIFACTS} + 1`)}
    ),
    lines as (
      select 1 as part, 0::bigint as place, ${projectLine(value('project'), sql`null::text`)} as line
      from state
      left join projects on projects.${ofProject}
      union all
      select 2, 0, ${idsLine(sql`prefix`, sql`number`)}
      from (${lastNumbers(sql`${ofProject} and exists (select from state)`, sql`''`, MOST)}
      ) as given
      union all
      select 3, place, ${eventLine('event')}
      from event
      union all
      select 4, last.place, ${goneLine('last')}
      from (
        select distinct on (task_id) *
        from event
        where to_status is null
          and from_status is not null
        order by task_id, place desc
      ) as last
      union all
      select 5, place, line
      from task
      union all
      select 6, note.version, ${noteLine('note', sql`task.task_id`)}
      from task
      cross join lateral (
        select *
        from task_notes
        where task_notes.${ofProject}
          and task_notes.task_seq = task.seq
          and (task.is_whole or task_notes.at >= task.since)
        order by version
        limit ${constant(LIMITS.notesPerTask)}
      ) as note
      union all
      select 7, attempt.seq, ${attemptLine('attempt')}
      from task
      cross join lateral (
        select *
        from attempts
        where attempts.${ofProject}
          and attempts.task_id = task.task_id
          and (task.is_whole or attempts.ended_at >= task.since)
      ) as attempt
      union all
      select 8, row_number() over (order by provided_at), ${artifactLine('artifact')}
      from artifact
    )
    select
      ${STATE},
      state.is_restored
        or state.epoch <> ${value('epoch')}::uuid
        or ${value('since')}::xid8 > state.next_xid
        or state.floor_xid >= ${value('since')}::xid8 as is_expired,
      (select count(*) from event) < (select count(*) from found) as has_more,
      (select count(*) from artifact) > ${MOST_ARTIFACTS} as lacks_artifacts,
      last.xid::text as told_xid, last.seq::text as told_seq,
      lines.line
    from state
    left join (select xid, seq from event order by place desc limit 1) as last on true
    left join lines on lines.line is not null
    order by lines.part, lines.place`;
  },
  toRow: (row) => ({
    ...toStateAndLine(row),
    isExpired: row['is_expired'] === true,
    hasMore: row['has_more'] === true,
    lacksArtifacts: row['lacks_artifacts'] === true,
    told:
      row['told_xid'] === null
        ? undefined
        : // Types of the columns guarantee the values.
          { xid: row['told_xid'] as string, seq: Number(row['told_seq']) },
  }),
});
