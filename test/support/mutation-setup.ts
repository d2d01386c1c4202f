import type { TestProject } from 'vitest/node';
import { provideTestBed } from './global-setup.ts';

/** More than one test file opens at once. */
const DATABASES = 4;

/** The test bed for hundreds of runs of the tests in one process: it must not grow with each of them. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideTestBed(project, DATABASES);
}
