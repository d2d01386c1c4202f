import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';
import { IDEMPOTENCY_KEYS_PKEY } from './names.ts';

/** The outcome of each write by its request's identity, so that the same request gets the same answer. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The credential's name; empty where the service made the key for one request. */
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
