import { sql } from 'drizzle-orm/sql';
import { constant } from '../../db/sql/constant.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';

/** Removes the records of keys that have expired; writes with keys remove two each, but there may be none. */
export const REMOVE_RECORDS = defineRenewal<Record<never, never>, number>({
  name: 'remove_records',
  build: () => ({
    steps: sql`
    removed as (
      delete from idempotency_keys
      where ctid = any(array(
        select ctid
        from idempotency_keys
        where expires_at < statement_timestamp()
        order by expires_at
        limit ${constant(REMOVED_PER_STEP.records)}
        for update skip locked
      ))
      returning key
    )`,
    outcome: sql`select count(*) as removed from removed`,
  }),
  toRow: (row) => Number(row['removed']),
});
