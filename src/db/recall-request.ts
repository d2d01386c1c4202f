import { sql } from 'drizzle-orm/sql';
import { defineRead, type RawRow } from './statement.ts';

export interface RequestRecord {
  readonly fingerprint: string;
  /** The row that the write returned, as JSON: moments are in ISO 8601. */
  readonly outcome: RawRow;
}

export const RECALL_REQUEST = defineRead<{ caller: string; key: string }, RequestRecord>({
  name: 'recall_request',
  build: (value) => sql`
    select fingerprint, outcome
    from idempotency_keys
    where caller = ${value('caller')}
      and key = ${value('key')}`,
  // The column's type guarantees the fingerprint, to_jsonb of a row the outcome.
  toRow: (row) => ({ fingerprint: row['fingerprint'] as string, outcome: row['outcome'] as RawRow }),
});
