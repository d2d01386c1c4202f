import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { startPostgres } from '../../scripts/local/postgres.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { formOf } from './form.ts';
import { ORDINARY_ROLE, startTestBed } from './test-bed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test bed listens. */
    testBed: string;
  }
}

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

/** Starts the one PostgreSQL of a run, for whichever of its projects have tests that need it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const needing = project.vitest.projects.filter(({ name }) => name !== 'unit');
  return needing.length === 0 ? () => Promise.resolve() : provideTestBed(project);
}

/**
 * Starts PostgreSQL with a migrated database that each test file copies; at most that many of them, for files that
 * run one after another.
 */
export async function provideTestBed(project: TestProject, databases?: number): Promise<() => Promise<void>> {
  const folder = await temporaryFolder('test');
  const hba = path.join(folder, 'pg_hba.conf');
  await writeFile(hba, formOf(process.env).name === 'full' ? HBA.full : HBA.short);
  await chmod(hba, 0o644);
  const postgres = await startPostgres(folder, [...FAST, `hba_file=${hba}`]);
  await applyMigrations(postgres.url());
  const testBed = await startTestBed(postgres, databases);
  project.provide('testBed', testBed.url);
  return async () => {
    await testBed.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
