import { type SQL, sql } from 'drizzle-orm/sql';

const end = (seconds: SQL, now: SQL): SQL => sql`${now} + make_interval(secs => ${seconds})`;

/** For every change that begins a claim; `seconds` count from `now`. */
export function newLease(seconds: SQL, now: SQL): SQL {
  return sql`lease_seconds = ${seconds},
          lease_expires_at = ${end(seconds, now)},
          lease_check_at = ${end(seconds, now)}`;
}

/** For every change that renews a lease; no index has to know, unless the new lease ends before anybody would look. */
export function renewedLease(seconds: SQL, now: SQL): SQL {
  return sql`lease_seconds = ${seconds},
          lease_expires_at = ${end(seconds, now)},
          lease_check_at = least(tasks.lease_check_at, ${end(seconds, now)})`;
}
