import type { TestProject } from 'vitest/node';
import { provideTestBed } from './global-setup.ts';

/** More than one test file opens at once. */
const DATABASES = 4;

/**
 * The test bed for hundreds of runs of the tests in one process: it must not grow with each of them. The drivers
 * are no mutants, and what lies above them is the same over either, so one will do: the one whose connections
 * last, since making one for each request took two thirds of the time.
 */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideTestBed(project, ['neon'], DATABASES);
}
