import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';
import { IDEMPOTENCY_KEYS_PKEY } from './names.ts';

/** What came of each write, under the identity of its request, so that the same request gets the same answer again. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The name of the credential whose key it is; empty where the service made the key for one request. */
    caller: text().notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    outcome: jsonb().notNull(),
    expires_at: moment().notNull(),
  },
  (record) => [
    primaryKey({ name: IDEMPOTENCY_KEYS_PKEY, columns: [record.caller, record.key] }),
    index('idempotency_keys_by_expiry').on(record.expires_at),
  ],
);
