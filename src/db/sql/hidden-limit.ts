import { type SQL, sql } from 'drizzle-orm/sql';

/**
 * A limit that the planner does not see. It takes that for a tenth of the rows, and so goes through an index in order; of
 * one that it sees it may think that to read all rows of the project and sort them is cheaper.
 */
export const hiddenLimit = (limit: SQL): SQL => sql`(select ${limit}::bigint)`;
