import { type SQL, sql } from 'drizzle-orm/sql';

/** Null stands for all. */
export type ProjectScope = { readonly allowed_projects: readonly string[] | null };

/** Pass a parameter, not the column, where possible: a condition on columns spoils the planner's row estimate. */
export function isAllowed(projectId: SQL, allowedProjects: SQL): SQL {
  return sql`(${allowedProjects}::text[] is null or ${projectId} = any(${allowedProjects}::text[]))`;
}
