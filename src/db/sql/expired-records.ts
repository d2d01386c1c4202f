import { type SQL, sql } from 'drizzle-orm/sql';
import { deleteFirst } from './delete-first.ts';

/** Deletes the records of keys that expired first, at most so many, and none that somebody else is deleting. */
export function deleteExpiredRecords(most: number): SQL {
  return deleteFirst('idempotency_keys', {
    among: sql`expires_at < statement_timestamp()`,
    by: 'expires_at',
    most,
  });
}
