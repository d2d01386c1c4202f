import { type SQL, sql } from 'drizzle-orm/sql';

/** The projects that a caller may see, as every statement binds them; null stands for all. */
export type ProjectScope = { readonly allowed_projects: readonly string[] | null };

/**
 * The condition that a caller may see a project. Where the statement names the project, give that parameter and not the
 * column: the planner takes a condition on parameters alone out of the scan, so that it cannot spoil the estimate of
 * how many rows the index finds, and with it the order that they come in.
 */
export function isAllowed(projectId: SQL, allowedProjects: SQL): SQL {
  return sql`(${allowedProjects}::text[] is null or ${projectId} = any(${allowedProjects}::text[]))`;
}
