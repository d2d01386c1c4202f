import { type SQL, sql } from 'drizzle-orm/sql';

/** `seconds` from `now`, but no longer than the attempt, which began at `began`, may last. */
const end = (seconds: SQL, now: SQL, began: SQL): SQL =>
  sql`least(${now} + make_interval(secs => ${seconds}), ${began} + make_interval(secs => tasks.max_run_seconds))`;

/** For every change that begins a claim; `seconds` count from `now`. */
export function newLease(seconds: SQL, now: SQL): SQL {
  return sql`lease_seconds = ${seconds},
          last_heartbeat_at = ${now},
          lease_expires_at = ${end(seconds, now, now)},
          lease_check_at = ${end(seconds, now, now)}`;
}

/** For every change that renews a lease; no index has to know, unless the new lease ends before anybody would look. */
export function renewedLease(seconds: SQL, now: SQL): SQL {
  const renewed = end(seconds, now, sql`tasks.started_at`);
  return sql`lease_seconds = ${seconds},
          last_heartbeat_at = ${now},
          lease_expires_at = ${renewed},
          lease_check_at = least(tasks.lease_check_at, ${renewed})`;
}
