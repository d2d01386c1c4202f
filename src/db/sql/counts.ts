import { type SQL, sql } from 'drizzle-orm/sql';
import { WAIT_BOUNDS } from '../../domain/metrics.ts';
import { constant } from './constant.ts';
import { distinctProjects } from './distinct-projects.ts';

export const LOGGED_PROJECTS = distinctProjects('logged_projects', 'task_events');

const waitsWithin = sql.join(
  [
    ...WAIT_BOUNDS.map(
      (bound) => sql`count(*) filter (where change.waited_ms <= ${constant(bound * 1_000)})`,
    ),
    sql`count(change.waited_ms)`,
  ],
  sql`,
          `,
);

/**
 * The step `counts`, for `with recursive`: what events come to, in the form of `task_counters`. `range` is a condition
 * on the xid of `event`; `isSeen` one on the project. A clock that was set back makes no negative wait.
 */
export function countsOfEvents(range: SQL, isSeen: SQL): SQL {
  return sql`${LOGGED_PROJECTS},
    counts as (
      select
        event.project_id, change.status,
        sum(change.tasks) as tasks,
        array[${waitsWithin}] as waits,
        coalesce(sum(greatest(change.waited_ms, 0)), 0) as wait_ms
      from logged_projects
      cross join lateral (
        select project_id, from_status, to_status, waited_ms
        from task_events
        where task_events.project_id = logged_projects.project_id
          and ${range}
          and not is_history
      ) as event
      cross join lateral (
        values (event.from_status, -1, null::bigint), (event.to_status, 1, event.waited_ms)
      ) as change (status, tasks, waited_ms)
      where change.status is not null
        and ${isSeen}
      group by event.project_id, change.status
    )`;
}
