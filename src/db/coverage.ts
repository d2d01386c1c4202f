import { type SQL, sql } from 'drizzle-orm';

/** The projects that a caller's credential covers, as every statement binds them; null stands for all. */
export type Coverage = { readonly covered: readonly string[] | null };

/**
 * The condition that a row belongs to a covered project. A comparison with null is neither true nor false, so
 * that one parameter and one plan serve the callers of some projects and those of all.
 */
export function isCovered(projectId: SQL, covered: SQL): SQL {
  return sql`(${projectId} = any(${covered}::text[])) is not false`;
}
