import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';

export const IDEMPOTENCY_KEYS_PKEY = 'idempotency_keys_pkey';

/** What came of each write, under the identity of its request, so that the same request gets the same answer again. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The name of the credential whose key it is; empty where the service made the key for one request. */
    caller: text('caller').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    outcome: jsonb('outcome').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (record) => [
    primaryKey({ name: IDEMPOTENCY_KEYS_PKEY, columns: [record.caller, record.key] }),
    index('idempotency_keys_by_expiry').on(record.expiresAt),
  ],
);
