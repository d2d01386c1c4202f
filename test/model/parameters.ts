import * as fc from 'fast-check';
import { inject } from 'vitest';
import { USUAL_SEED } from '../support/form.ts';

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
export const LESS_IMPATIENT = { attemptTimeout: 750, totalTimeout: 5_000 };

const { seed, runs } = inject('model');

/** How often a property runs, and from which seed: as the environment says, else a few times from the usual one. */
export function runsOf(usual: number): { readonly numRuns: number; readonly seed: number } {
  return {
    numRuns: runs === '' ? usual : Number(runs),
    seed: seed === '' ? USUAL_SEED : Number(seed),
  };
}

/** The time that so many runs may take on a machine that has little left for them, in milliseconds. */
export function patienceFor(usual: number): number {
  return 120_000 + runsOf(usual).numRuns * 40_000;
}

/** Time to report what was found before the test itself runs out of time and hides it. */
const REPORT_MS = 15_000;

/**
 * Checks a property. A search for a smaller counterexample that takes too long ends with the one it has. Counts the time
 * by a timer, because fast-check's own limit follows a clock that a suspended machine sets forward.
 */
export async function assertFor<T>(
  usual: number,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void>,
): Promise<void> {
  let isOver = false;
  let hasFailed = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, patienceFor(usual) - REPORT_MS);
  const property = fc.asyncProperty(arbitrary, async (value) => {
    if (isOver && hasFailed) return;
    if (isOver) throw new Error('The runs took longer than the patience of the test');
    try {
      await holds(value);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  });
  try {
    await fc.assert(property, runsOf(usual));
  } finally {
    clearTimeout(timer);
  }
}
