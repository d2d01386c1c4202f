import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test bed listens. */
    testBed: string;
  }
}

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
  const args = databases === undefined ? [] : [String(databases)];
  const bed = fork(path.resolve(import.meta.dirname, 'bed-process.ts'), args, { execArgv: [] });
  const ended = once(bed, 'exit');
  const [url] = await Promise.race([once(bed, 'message'), ended]);
  if (typeof url !== 'string') throw new Error('The test bed did not start');
  project.provide('testBed', url);
  return async () => {
    bed.send('stop');
    await ended;
  };
}
