import { type SQL, sql } from 'drizzle-orm/sql';

/**
 * A moment in a select list, as text in ISO 8601 in UTC. A timestamp that is left to the server's output function comes
 * in the form that DateStyle and TimeZone of the database, the role or the server ask for.
 */
export function isoMoment(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
