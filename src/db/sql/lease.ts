import { type SQL, sql } from 'drizzle-orm/sql';

/** What every change that begins a lease sets; it lasts so many seconds from `now`. */
export function leaseOf(seconds: SQL, now: SQL): SQL {
  return sql`lease_seconds = ${seconds},
          lease_expires_at = ${now} + make_interval(secs => ${seconds})`;
}
