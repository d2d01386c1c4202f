import { type SQL, sql } from 'drizzle-orm/sql';
import type { Statistics } from '../contract/read-statistics.ts';
import { constant } from '../db/sql/constant.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { isAllowed } from '../db/sql/project-scope.ts';
import { defineRead, type RawRow } from '../db/statement.ts';
import { STATISTICS } from '../domain/statistics.ts';
import {
  daySteps,
  goneStep,
  type RangeValue,
  rankingSteps,
  type StatisticsRange,
  spentStep,
  USAGE,
  utcDay,
} from './statistics-steps.ts';

/** One row, if the caller may see the project. */
const clockStep = (value: RangeValue) => sql`
    clock as materialized (
      select
        now,
        ${utcDay(sql`now`)} as today,
        (${utcDay(sql`now`)} - ${value('days')}::int + 1)::timestamp at time zone 'UTC' as since
      from (select task_clock() as now) as read
      where ${isAllowed(value('project'), value('allowed_projects'))}
    )`;

/**
 * The newest events, back from the end of the feed, until a step of them reaches back before the range. Moments and the
 * order of the feed differ by no more than a transaction lasts; but the history of an import is of long ago. The planner
 * does not know a limit that is a query; of one that it knows it may think that to sort all that is there is cheaper.
 */
const walkedStep = (value: RangeValue) => sql`
    walked as (
      select
        '18446744073709551615'::xid8 as xid, 0::bigint as seq, 0::bigint as events_read, false as is_past,
        true as is_history, null::text as task_id, null::timestamptz as at, null::text as type,
        null::text as from_status, null::text as to_status, null::bigint as waited_ms, null::text as error
      from clock
      union all
      select step.*
      from (
        select xid, seq, events_read
        from walked
        where not is_past
          and events_read < ${constant(STATISTICS.events)}
        order by xid, seq
        limit 1
      ) as last
      cross join lateral (
        select
          xid, seq,
          last.events_read + count(*) over () as events_read,
          bool_or(not is_history and at < (select since - interval '1 minute' from clock)) over () as is_past,
          is_history, task_id, at, type, from_status, to_status, waited_ms, error
        from (
          select
            xid, seq, is_history, task_id, at, type, from_status, to_status, waited_ms, data ->> 'error' as error
          from task_events
          where project_id = ${value('project')}
            and (xid, seq) < (last.xid, last.seq)
          order by xid desc, seq desc
          limit (select ${constant(STATISTICS.eventsPerStep)})
        ) as page
      ) as step
    ),
    walk as materialized (
      select
        bool_or(is_past) as is_past,
        max(events_read) as events_read,
        min(at) filter (where not is_history) as oldest
      from walked
    ),
    events as materialized (
      select seq, task_id, at, ${utcDay(sql`at`)} as day, type, from_status, to_status, waited_ms, error
      from walked
      where not is_history
        and at >= (select since from clock)
    )`;

/** Where nothing tells what lies before the walk, the range is complete from its oldest event on. */
const completeFrom = (value: RangeValue) => sql`(
        select case
          when is_past then since
          when events_read < ${constant(STATISTICS.events)}
            and not exists (select from log_floors where project_id = ${value('project')})
            then since
          else greatest(since, coalesce(oldest, now))
        end
        from walk
      )`;

/** An array of two, in milliseconds. */
const percentilesOf = (found: SQL) => sql`case
              when ${found} is not null then jsonb_build_object(
                'p50', round(${found}[1]::numeric / 1000, 3), 'p95', round(${found}[2]::numeric / 1000, 3)
              )
            end`;

const columns = (names: readonly string[]) =>
  sql.join(
    names.map((name) => sql`${constant(name)}, coalesce(${sql.identifier(name)}, 0)`),
    sql`, `,
  );

const days = (value: RangeValue) => sql`(
        select jsonb_agg(
          jsonb_build_object(
            'day', day,
            ${columns(['added', 'completed', 'failed', 'cancelled', 'retried', 'expired'])},
            'waiting_seconds', ${percentilesOf(sql`waits`)},
            'lead_seconds', ${percentilesOf(sql`leads`)},
            ${columns(USAGE)}
          )
          order by day
        )
        from (
          select today - back as day
          from generate_series(0, ${value('days')}::int - 1) as back
        ) as calendar
        left join counted using (day)
        left join waited using (day)
        left join led using (day)
        left join used using (day)
      )`;

/** The first of a ranking. */
const firstOf = (ranking: string, most: number, row: SQL) => sql`(
        select coalesce(jsonb_agg(jsonb_build_object(${row}) order by place), '[]')
        from ${sql.identifier(ranking)}
        where place <= ${constant(most)}
      )`;

/**
 * One row, made of the newest events of the project, STATISTICS.events of them at most, and of the tasks and attempts
 * that they are about.
 */
export const READ_STATISTICS = defineRead<StatisticsRange, Statistics>({
  name: 'read_statistics',
  build: (value) => {
    const steps = [
      clockStep(value),
      walkedStep(value),
      goneStep(value),
      spentStep(value),
      daySteps(value),
      rankingSteps,
    ];
    const agent = sql`'agent_id', agent_id, ${columns(['attempts', ...USAGE])}`;
    return sql`
    with recursive ${sql.join(steps, sql`,`)}
    select
      ${days(value)} as days,
      ${firstOf('reasons', STATISTICS.reasons, sql`'reason', reason, 'count', failures`)} as failures,
      (
        select coalesce(sum(failures), 0)
        from reasons
        where place > ${constant(STATISTICS.reasons)}
      ) as failures_left_out,
      ${firstOf('agents', STATISTICS.agents, agent)} as agents_today,
      (select count(*) from agents where place > ${constant(STATISTICS.agents)}) as agents_left_out,
      ${isoMoment(completeFrom(value))} as complete_from
    from clock`;
  },
  // jsonb_build_object gives the lists their shapes; drivers return a bigint and a numeric as text.
  toRow: (row: RawRow) => ({
    days: row['days'] as Statistics['days'],
    failures: row['failures'] as Statistics['failures'],
    failures_left_out: Number(row['failures_left_out']),
    agents_today: row['agents_today'] as Statistics['agents_today'],
    agents_left_out: Number(row['agents_left_out']),
    complete_from: row['complete_from'] as string,
  }),
});
