import { type SQL, sql } from 'drizzle-orm/sql';

/**
 * The status and what follows from it, for the SET list of an UPDATE of `tasks` under its own name. `retryAt` is the
 * pause that begins with the change; null by default.
 */
export function statusChange(to: SQL, now: SQL, retryAt: SQL = sql`null::timestamptz`): SQL {
  const due = sql`greatest(tasks.not_before, ${retryAt})`;
  return sql`status = ${to},
          version = tasks.version + 1,
          updated_at = ${now},
          pending_at = case when ${to} = 'pending' then ${now} else tasks.pending_at end,
          started_at = case ${to} when 'in_progress' then ${now} when 'pending' then null else tasks.started_at end,
          completed_at = case when ${to} = 'completed' then ${now} end,
          retry_at = ${retryAt},
          stale = tasks.stale and ${to} not in ('pending', 'in_progress'),
          ready_at = case
            when ${to} <> 'pending' then null
            when tasks.unmet_needs > 0 then 'infinity'
            when ${due} > ${now} then ${due}
          end`;
}
