import { sql } from 'drizzle-orm/sql';
import type { Database } from '../db/database.ts';
import { defineRead } from '../db/statement.ts';

export const CHECK_DATABASE = defineRead<Record<never, never>, true>({
  name: 'check_database',
  build: () => sql`select 1 as answer`,
  toRow: () => true,
});

/** Resolves once the database answers a trivial query. Rejects with `database_unavailable`. */
export async function checkDatabase(database: Database): Promise<void> {
  await database.run(CHECK_DATABASE, {});
}
