import { sql } from 'drizzle-orm/sql';

/** A pending task with a time to come; what waits for its needs has none. The index of such tasks demands it. */
export const IS_PUT_OFF = sql`ready_at < 'infinity'`;
