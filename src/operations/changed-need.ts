import { type SQL, sql } from 'drizzle-orm/sql';

/** What the log has to know of a task before a need of it changed: its status and its claim are the same. */
export function changedNeed(): SQL {
  return sql`changed.status as from_status, changed.claimed_by as holder, changed.attempt as was_attempt,
        changed.started_at as began_at, null::jsonb as was_progress, null::jsonb as was_usage`;
}
