import { type SQL, sql } from 'drizzle-orm/sql';
import { LIMITS } from '../../domain/task.ts';
import { constant } from './constant.ts';
import { isPast } from './moment.ts';
import { IS_PUT_OFF } from './ready.ts';

/**
 * How many tasks of a project are in each state, as one JSON object. Each count goes by an index and ends at `most`.
 */
export function readinessCounts(project: SQL, now: SQL, most: number): SQL {
  // In the order of an index: without one, the planner may collect every row for a bitmap before it counts the first.
  const upToMost = (condition: SQL, order: SQL) => sql`(
          select count(*)
          from (
            select
            from tasks
            where project_id = ${project}
              and ${condition}
            order by ${order}
            limit ${constant(most)}
          ) as counted
        )`;
  const pending = sql`status = 'pending'`;
  const putOff = sql`${pending} and ${IS_PUT_OFF}`;
  const ready = upToMost(sql`${pending} and ready_at is null`, sql`priority, seq`);
  const late = upToMost(sql`${putOff} and ${isPast(sql`ready_at`, now)}`, sql`ready_at`);
  const unmet = sql`${pending} and unmet_needs > 0`;
  const expired = sql`claimed_by is not null and ${isPast(sql`lease_check_at`, now)} and lease_expires_at <= ${now}`;
  return sql`jsonb_build_object(
        'ready', least(${constant(most)}, ${ready} + ${late}),
        'delayed', ${upToMost(sql`${putOff} and ready_at > ${now}`, sql`ready_at`)},
        'blocked', ${upToMost(sql`${unmet} and stuck_needs = 0`, sql`stuck_needs, seq`)},
        'stuck', ${upToMost(sql`${unmet} and stuck_needs > 0`, sql`stuck_needs, seq`)},
        'in_progress', ${upToMost(sql`status = 'in_progress'`, sql`seq`)},
        'expired', ${upToMost(expired, sql`lease_check_at`)},
        'failed', ${upToMost(sql`status = 'failed'`, sql`seq`)}
      )`;
}

/** The age of the oldest task that is ready, in seconds; null where none is. One look at the index for each priority. */
export function oldestReady(project: SQL, now: SQL): SQL {
  return sql`(
        select greatest(0, extract(epoch from ${now} - min(first.created_at)))
        from generate_series(0, ${constant(LIMITS.lastPriority)}) as urgency
        cross join lateral (
          select created_at
          from tasks
          where project_id = ${project}
            and status = 'pending'
            and ready_at is null
            and priority = urgency
          order by seq
          limit 1
        ) as first
      )`;
}
