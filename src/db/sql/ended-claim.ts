import { sql } from 'drizzle-orm/sql';

/** For every change that ends a claim; tasks_claims_are_whole allows no half of it. */
export const NO_CLAIM = sql`claimed_by = null,
          claim_token = null,
          claim_slot = null,
          lease_seconds = null,
          lease_expires_at = null,
          lease_check_at = null,
          progress = null,
          usage = null`;

/** Needs the table under its own name. */
export const LEASE_EXPIRED = sql`'The lease of ' || tasks.claimed_by || ' expired'`;
