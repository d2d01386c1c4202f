import { type SQL, sql } from 'drizzle-orm/sql';

/** A moment as ISO 8601 text in UTC; the server's own output depends on its DateStyle and TimeZone. */
export function isoMoment(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
