import type { Parameters } from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** MODEL_SEED and MODEL_RUNS as they were given, empty where they were not. */
    model: { readonly seed: string; readonly runs: string };
  }
}

/**
 * Short bounds on the database, so that a black hole costs a run little; shorter ones end requests on a loaded machine
 * by themselves, and the checker's work doubles with each write whose outcome is unknown.
 */
export const IMPATIENT = { attemptTimeout: 150, totalTimeout: 400 };

/** Bounds that a slow machine keeps as well, for what shows only where the repetition of a request is answered. */
export const LESS_IMPATIENT = { attemptTimeout: 500, totalTimeout: 1_500 };

const { seed, runs } = inject('model');

type Runs = Pick<Parameters<unknown>, 'seed' | 'interruptAfterTimeLimit' | 'markInterruptAsFailure'> & {
  readonly numRuns: number;
};

/** Time to report what was found before the test itself runs out of time and hides it. */
const REPORT_MS = 15_000;

/**
 * How often a property runs, and from which seed: as the environment says, else a few times from any. A run that hangs
 * or a search that shrinks for too long ends with the seed and what it has found.
 */
export function runsOf(usual: number): Runs {
  const numRuns = runs === '' ? usual : Number(runs);
  return {
    numRuns,
    interruptAfterTimeLimit: patienceForRuns(numRuns) - REPORT_MS,
    markInterruptAsFailure: true,
    ...(seed === '' ? {} : { seed: Number(seed) }),
  };
}

/** The time that so many runs may take on a machine that gives them a tenth of a core, in milliseconds. */
export function patienceFor(usual: number): number {
  return patienceForRuns(runsOf(usual).numRuns);
}

function patienceForRuns(numRuns: number): number {
  return 120_000 + numRuns * 10_000;
}
