import path from 'node:path';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { Client, DatabaseError } from 'pg';
import { checkDatabaseUrl } from './database-url.ts';
import { Problem } from './problem.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../drizzle');

/** While a migration waits for a table, all later requests for it wait, too. */
const LOCK_TIMEOUT_MS = 3_000;

/**
 * Applies the missing migrations over its own connection; safe to repeat, and to run twice at once. Waits only so many
 * milliseconds for a locked table. Resolves with the journal's length; throws a Problem unless all are applied.
 */
export async function applyMigrations(databaseUrl: string, lockTimeout = LOCK_TIMEOUT_MS): Promise<number> {
  checkDatabaseUrl(databaseUrl);
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Problem(`The database cannot be reached: ${reasonOf(error)}. Check DATABASE_URL`);
  }
  try {
    // Held until this session ends, so that two deployments do not apply one migration twice.
    await client.query(`select pg_advisory_lock(hashtext('task-tracker migrations'))`);
    // The role may bound the statements of requests.
    await client.query(`set statement_timeout = 0; set lock_timeout = ${lockTimeout}`);
    return await applyOver(client);
  } catch (error) {
    throw isLockTimeout(error) ? new Problem(TABLE_IN_USE) : error;
  } finally {
    await client.end();
  }
}

async function applyOver(client: Client): Promise<number> {
  const journal = readMigrationFiles({ migrationsFolder: FOLDER });
  if ((await countMissing(client, journal)) > 0) await migrateOver(client);
  const missing = await countMissing(client, journal);
  if (missing === 0) return journal.length;
  throw new Problem(
    `${missing} of ${journal.length} migrations were not applied: the journal's "when" must rise from entry to entry, and an applied file must not be changed`,
  );
}

async function countMissing(client: Client, journal: readonly MigrationMeta[]): Promise<number> {
  const { rowCount } = await client.query(
    `select where to_regclass('drizzle.__drizzle_migrations') is not null`,
  );
  if (rowCount === 0) return journal.length;
  const { rows } = await client.query<{ hash: string }>('select hash from drizzle.__drizzle_migrations');
  const applied = new Set(rows.map(({ hash }) => hash));
  return journal.filter(({ hash }) => !applied.has(hash)).length;
}

async function migrateOver(client: Client): Promise<void> {
  // On demand: loading drizzle takes a second, and most starts find every migration applied.
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const { migrate } = await import('drizzle-orm/node-postgres/migrator');
  await migrate(drizzle({ client }), { migrationsFolder: FOLDER });
}

const TABLE_IN_USE =
  'Nothing was applied: another session, such as a backup, holds a table that a migration changes. Try again when it has ended';

/** lock_not_available (PostgreSQL manual, appendix A), in the error or under drizzle's wrapper. */
function isLockTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof DatabaseError && error.code === '55P03') || isLockTimeout(error.cause);
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
