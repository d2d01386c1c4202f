import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { startPostgres } from '../../scripts/local/postgres.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import type { DriverName } from '../../src/db/connect.ts';
import { startTestBed } from './test-bed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test bed listens. */
    testBed: string;
    /** How much time the fault matrix takes: scaled times, or the real ones. */
    faultTimes: 'scaled' | 'real';
    /** The drivers that suites run over. */
    drivers: readonly DriverName[];
  }
}

/** Settings that trade durability, which no test needs, for speed. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=400'];

/** Starts one PostgreSQL for a project's tests, with a migrated database that each file copies. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideTestBed(project, ['hyperdrive', 'neon']);
}

/**
 * The same for the drivers of a choice, with at most that many databases; the files of a project with such a
 * bound have to run one after another.
 */
export async function provideTestBed(
  project: TestProject,
  drivers: readonly DriverName[],
  databases?: number,
): Promise<() => Promise<void>> {
  const folder = await temporaryFolder('test');
  const postgres = await startPostgres(folder, FAST);
  await applyMigrations(postgres.url());
  const testBed = await startTestBed(postgres, databases);
  project.provide('testBed', testBed.url);
  project.provide('faultTimes', process.env['FAULT_TIMES'] === 'real' ? 'real' : 'scaled');
  project.provide('drivers', drivers);
  return async () => {
    await testBed.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
