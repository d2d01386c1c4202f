import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from './constant.ts';

/** Deletes the records of keys that expired first, at most so many, and none that somebody else is deleting. */
export function deleteExpiredRecords(most: number): SQL {
  return sql`
      delete from idempotency_keys
      where ctid = any(array(
        select ctid
        from idempotency_keys
        where expires_at < statement_timestamp()
        order by expires_at
        limit ${constant(most)}
        for update skip locked
      ))`;
}
