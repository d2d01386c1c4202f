import { type SQL, sql } from 'drizzle-orm/sql';
import { LIMITS } from '../../domain/task.ts';
import { constant } from './constant.ts';

/** How many tasks of a project are in each state, as one JSON object; each count ends at `most`. */
export function readinessCounts(project: SQL, now: SQL, most: number): SQL {
  return sql`readiness_counts(${project}, ${now}, ${constant(most)})`;
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
