import { type SQL, sql } from 'drizzle-orm';

/** The projects that a caller's credential covers, as every statement binds them; null stands for all. */
export type Coverage = { readonly covered: readonly string[] | null };

/**
 * The condition that a project is covered. Where the statement names the project, give that parameter and not the
 * column: the planner takes a condition on parameters alone out of the scan, so that it cannot spoil the estimate of
 * how many rows the index finds, and with it the order that they come in.
 */
export function isCovered(projectId: SQL, covered: SQL): SQL {
  return sql`(${covered}::text[] is null or ${projectId} = any(${covered}::text[]))`;
}
