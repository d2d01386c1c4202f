import { type SQL, sql } from 'drizzle-orm/sql';

/** A moment as ISO 8601 text in UTC; the server's own output depends on its DateStyle and TimeZone. */
export function isoMoment(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Whether a moment that lies ahead in most rows has passed. The planner knows nothing of a bound that is computed, and
 * takes it to admit a third of the table; of a range it expects little, and goes by the index.
 */
export function isPast(moment: SQL, now: SQL): SQL {
  return sql`${moment} > '-infinity' and ${moment} <= ${now}`;
}
