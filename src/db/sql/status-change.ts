import { type SQL, sql } from 'drizzle-orm/sql';

/** The status and the times that follow from it, for the SET list of an UPDATE of `tasks` under its own name. */
export function statusChange(to: SQL, now: SQL): SQL {
  return sql`status = ${to},
          updated_at = ${now},
          pending_at = case when ${to} = 'pending' then ${now} else tasks.pending_at end,
          started_at = case ${to} when 'in_progress' then ${now} when 'pending' then null else tasks.started_at end,
          completed_at = case when ${to} = 'completed' then ${now} end`;
}
