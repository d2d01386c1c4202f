import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import type { ProjectScope } from '../db/sql/project-scope.ts';
import type { Bind } from '../db/statement.ts';
import { STATISTICS } from '../domain/statistics.ts';

export type StatisticsRange = ProjectScope & { readonly project: string; readonly days: number };
export type RangeValue = Bind<StatisticsRange>;

export const utcDay = (moment: SQL) => sql`(${moment} at time zone 'UTC')::date`;

export const USAGE = ['input_tokens', 'output_tokens', 'cost_micro_usd'] as const;

/** What was added, deleted or restored has no status on one side, so that is no move. */
const HAS_MOVED = sql`from_status <> to_status`;
/** The claim of an agent ended; one that is taken over goes on as another's. */
const ENDS_CLAIM = sql`from_status = 'in_progress' and (${HAS_MOVED} or type = 'claimed')`;

const PERCENTILES = sql`percentile_cont(array[0.5, 0.95]) within group`;

/** JSON has no larger whole number that every reader takes as it is. */
const total = (of: SQL) => sql`least(coalesce(sum(${of}), 0), ${constant(Number.MAX_SAFE_INTEGER)})`;

const usageSums = sql.join(
  USAGE.map((name) => sql`${total(sql`(usage ->> ${constant(name)})::numeric`)} as ${sql.identifier(name)}`),
  sql`, `,
);

/** Tasks that were archived or deleted since the events of the walk: they are in other tables, with their attempts. */
export const goneStep = (value: RangeValue) => sql`
    gone as materialized (
      select gone.*
      from (select distinct task_id from walked where type in ('archived', 'deleted')) as removed
      cross join lateral (
        select archived_tasks.task_id, (task ->> 'created_at')::timestamptz as created_at, attempts
        from archived_tasks
        where project_id = ${value('project')}
          and archived_tasks.task_id = removed.task_id
        union all
        select deleted_tasks.task_id, (task ->> 'created_at')::timestamptz, attempts
        from deleted_tasks
        where project_id = ${value('project')}
          and deleted_tasks.task_id = removed.task_id
      ) as gone
    )`;

/**
 * The attempts that ended in the range. Of each task as many are read, the newest first, as the walk has ends of its
 * claims: a task may have had any number before.
 */
export const spentStep = (value: RangeValue) => sql`
    spent as materialized (
      select agent_id, ${utcDay(sql`ended_at`)} as day, usage
      from (
        select last.*
        from (
          select task_id, count(*) as claims
          from walked
          where ${ENDS_CLAIM}
          group by task_id
        ) as ended
        cross join lateral (
          select task_id, agent_id, ended_at, usage
          from attempts
          where project_id = ${value('project')}
            and attempts.task_id = ended.task_id
          order by seq desc
          limit ended.claims
        ) as last
        union all
        select gone.task_id, attempt.agent_id, attempt.ended_at, attempt.usage
        from gone
        cross join lateral jsonb_to_recordset(attempts) as attempt (
          agent_id text, ended_at timestamptz, usage jsonb
        )
      ) as past
      where (task_id, ended_at) in (select task_id, at from events where ${ENDS_CLAIM})
    )`;

/** The figures by day; of a task that was completed several times, each time counts from its creation. */
export const daySteps = (value: RangeValue) => sql`
    counted as (
      select
        day,
        count(*) filter (where type = 'added') as added,
        count(*) filter (where to_status = 'completed' and ${HAS_MOVED}) as completed,
        count(*) filter (where to_status = 'failed' and ${HAS_MOVED}) as failed,
        count(*) filter (where to_status = 'cancelled' and ${HAS_MOVED}) as cancelled,
        count(*) filter (where type = 'retried') as retried,
        count(*) filter (where type = 'expired' or type = 'claimed' and ${ENDS_CLAIM}) as expired
      from events
      group by day
    ),
    waited as (
      select day, ${PERCENTILES} (order by greatest(waited_ms, 0)) as waits
      from events
      where to_status = 'in_progress'
        and waited_ms is not null
      group by day
    ),
    completions as materialized (
      select seq, day, at, task_id
      from events
      where to_status = 'completed'
        and ${HAS_MOVED}
    ),
    led as (
      select day, ${PERCENTILES} (order by extract(epoch from lead)::float8 * 1000) as leads
      from (
        select day, min(at - created_at) as lead
        from (
          select completions.seq, day, at, task.created_at
          from completions
          cross join lateral (
            select created_at
            from tasks
            where project_id = ${value('project')}
              and tasks.task_id = completions.task_id
            limit 1
          ) as task
          union all
          select completions.seq, day, at, gone.created_at
          from completions
          join gone using (task_id)
        ) as known
        where created_at <= at
        group by seq, day
      ) as each
      group by day
    ),
    used as (
      select day, ${usageSums}
      from spent
      group by day
    )`;

/** Errors differ in their numbers more than in their reasons. */
const REASON = sql`case
            when type = 'expired' then 'The lease expired'
            else nullif(btrim(regexp_replace(
              left(error, ${constant(2 * STATISTICS.reasonCharacters)}), '[0-9]+', '…', 'g'
            )), '')
          end`;

const shortReason = sql`case
          when char_length(reason) > ${constant(STATISTICS.reasonCharacters)}
            then left(reason, ${constant(STATISTICS.reasonCharacters - 1)}) || '…'
          else reason
        end`;

/** The reasons of failures and the agents of today, each with its place. */
export const rankingSteps = sql`
    reasons as (
      select
        ${shortReason} as reason, count(*) as failures,
        row_number() over (order by count(*) desc, ${shortReason}) as place
      from (
        select ${REASON} as reason
        from events
        where type = 'retried'
          or to_status = 'failed' and ${HAS_MOVED}
      ) as given
      group by ${shortReason}
    ),
    agents as (
      select
        each.*,
        row_number() over (order by cost_micro_usd desc, attempts desc, agent_id) as place
      from (
        select agent_id, count(*) as attempts, ${usageSums}
        from spent
        where day = (select today from clock)
        group by agent_id
      ) as each
    )`;
