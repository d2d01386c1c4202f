import { USUAL_SEED } from '../support/form.ts';

/** How much is fuzzed, from which seed. */
export interface FuzzSettings {
  /** At least that many requests are sent. */
  readonly requests: number;
  /** The inputs follow from it. */
  readonly seed: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    fuzz: FuzzSettings;
  }
}

/** Reads FUZZ_REQUESTS and FUZZ_SEED; without them it is the usual number, from the usual seed. */
export function fuzzSettings(
  env: Readonly<Record<string, string | undefined>>,
  usualRequests: number,
): FuzzSettings {
  return {
    requests: numberIn(env, 'FUZZ_REQUESTS', usualRequests),
    seed: numberIn(env, 'FUZZ_SEED', USUAL_SEED),
  };
}

function numberIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
): number {
  const value = env[name];
  if (value === undefined || value === '') return otherwise;
  if (!/^[0-9]{1,10}$/.test(value)) throw new Error(`${name} must be a whole number, not "${value}"`);
  return Number(value);
}
