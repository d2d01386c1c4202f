import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { startPostgres } from '../../scripts/local/postgres.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { CREATE_EMPTY_TABLES } from './empty-tables.ts';
import { formOf } from './form.ts';
import { ask, ORDINARY_ROLE, startTestBed } from './test-bed.ts';

/** Settings that trade durability, which no test needs, for speed. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=400'];

/**
 * SCRAM takes longer than what most tests ask of the server, which nobody else reaches, so in the short form only the
 * ordinary role proves its password: the suites about failures and timeouts connect as that one.
 */
const HBA = {
  short: `host all ${ORDINARY_ROLE.name} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n`,
  full: 'host all all 127.0.0.1/32 scram-sha-256\n',
};

/** Starts PostgreSQL with a migrated database, and the test bed that copies it; at most that many times at once. */
export async function openBed(databases?: number): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await temporaryFolder('test');
  const hba = path.join(folder, 'pg_hba.conf');
  await writeFile(hba, formOf(process.env).name === 'full' ? HBA.full : HBA.short);
  await chmod(hba, 0o644);
  const postgres = await startPostgres(folder, [...FAST, `hba_file=${hba}`]);
  await applyMigrations(postgres.url());
  await ask(postgres.url(), CREATE_EMPTY_TABLES);
  const testBed = await startTestBed(postgres, databases);
  return {
    url: testBed.url,
    async stop() {
      await testBed.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
