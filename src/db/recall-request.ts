import { sql } from 'drizzle-orm/sql';
import { defineRead, type RawRow } from './statement.ts';

/** What was recorded of a request that wrote. */
export interface RequestRecord {
  readonly fingerprint: string;
  /** The row that its statement returned, as JSON has it: moments are in ISO 8601. */
  readonly outcome: RawRow;
}

export const RECALL_REQUEST = defineRead<{ caller: string; key: string }, RequestRecord>({
  name: 'recall_request',
  build: (value) => sql`
    select fingerprint, outcome
    from idempotency_keys
    where caller = ${value('caller')}
      and key = ${value('key')}`,
  // The columns' types guarantee the first, to_jsonb of a row in the recording statement the second.
  toRow: (row) => ({ fingerprint: row['fingerprint'] as string, outcome: row['outcome'] as RawRow }),
});
