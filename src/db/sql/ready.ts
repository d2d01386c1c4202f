import { type SQL, sql } from 'drizzle-orm/sql';
import { isPast } from './moment.ts';

/** A pending task with a time to come; what waits for its needs has none. The index of such tasks demands it. */
export const IS_PUT_OFF = sql`ready_at < 'infinity'`;

/** Whether a pending task has become due since its row was written. */
export function isLate(now: SQL): SQL {
  return sql`${IS_PUT_OFF} and ${isPast(sql`ready_at`, now)}`;
}
