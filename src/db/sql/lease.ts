import { type SQL, sql } from 'drizzle-orm/sql';

/** For every change that begins a lease; `seconds` count from `now`. */
export function leaseOf(seconds: SQL, now: SQL): SQL {
  return sql`lease_seconds = ${seconds},
          lease_expires_at = ${now} + make_interval(secs => ${seconds})`;
}
