import { sql } from 'drizzle-orm/sql';
import { deleteExpiredRecords } from '../../db/sql/expired-records.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';

/** Removes the records of keys that have expired; writes with keys remove two each, but there may be none. */
export const REMOVE_RECORDS = defineRenewal<Record<never, never>, number>({
  name: 'remove_records',
  build: () => ({
    steps: sql`
    removed as (${deleteExpiredRecords(REMOVED_PER_STEP.records)}
      returning key
    )`,
    outcome: sql`select count(*) as removed from removed`,
  }),
  toRow: (row) => Number(row['removed']),
});
