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

const SHORT_FORM_REQUESTS = 1_000;
const SEEDS = 2 ** 31;

/** Reads FUZZ_REQUESTS and FUZZ_SEED; without them the form is short and the seed a new one. */
export function fuzzSettings(env: Readonly<Record<string, string | undefined>>): FuzzSettings {
  return {
    requests: numberIn(env, 'FUZZ_REQUESTS', SHORT_FORM_REQUESTS),
    seed: numberIn(env, 'FUZZ_SEED', Date.now() % SEEDS),
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
