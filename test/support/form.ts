import type { DriverName } from '../../src/db/target.ts';

/** How much of the proof one run gives. */
export interface Form {
  readonly name: 'short' | 'full' | 'mutation';
  /** The drivers that a suite of behaviour runs over. */
  readonly drivers: readonly DriverName[];
  /** The drivers that a suite runs over which is about what may differ between them. */
  readonly conformanceDrivers: readonly DriverName[];
  /** How many agents race for one task where each is rolled back by the others. */
  readonly agents: number;
  /** What a database asks for where its isolation is another than the usual one. */
  readonly isolationLevels: readonly string[];
  /** How often agents race for one task, and batches for the same ids. */
  readonly rounds: { readonly moves: number; readonly batches: number };
  /** How often requests meet in the graph, whose races are the server's: they need no driver's own connections. */
  readonly graphRounds: Readonly<Record<DriverName, number>>;
  /** Whether the matrix tries every fault on every endpoint, rather than on a read, a write and a claim. */
  readonly everyCell: boolean;
  /** How often each property of the model runs. */
  readonly modelRuns: {
    readonly sequential: number;
    readonly concurrent: number;
    readonly underFaults: number;
  };
  /** How many random histories are taken out and in. */
  readonly transfers: number;
  /** How many requests each fuzzer sends. */
  readonly fuzzRequests: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    form: Form;
  }
}

/** The proof draws the same requests and histories each time; a search sets another seed. */
export const USUAL_SEED = 1;

const BOTH: readonly DriverName[] = ['hyperdrive', 'neon'];

export const FORMS = {
  /** `npm test`: over the driver whose connections last, since the other makes PostgreSQL fork for each request. */
  short: {
    name: 'short',
    drivers: ['neon'],
    conformanceDrivers: BOTH,
    agents: 20,
    isolationLevels: ['serializable'],
    rounds: { moves: 5, batches: 2 },
    graphRounds: { hyperdrive: 0, neon: 4 },
    everyCell: false,
    modelRuns: { sequential: 6, concurrent: 6, underFaults: 4 },
    transfers: 1,
    fuzzRequests: 120,
  },
  /**
   * `npm run test:mutation`: the drivers are no mutants, and what lies above them is the same over either, so the one
   * whose connections last will do.
   */
  mutation: {
    name: 'mutation',
    drivers: ['neon'],
    conformanceDrivers: ['neon'],
    agents: 5,
    isolationLevels: ['serializable'],
    rounds: { moves: 1, batches: 1 },
    graphRounds: { hyperdrive: 0, neon: 1 },
    everyCell: false,
    modelRuns: { sequential: 1, concurrent: 1, underFaults: 1 },
    transfers: 1,
    fuzzRequests: 1,
  },
  /** `npm run test:full`. */
  full: {
    name: 'full',
    drivers: BOTH,
    conformanceDrivers: BOTH,
    agents: 50,
    isolationLevels: ['read committed', 'repeatable read', 'serializable'],
    rounds: { moves: 100, batches: 10 },
    graphRounds: { hyperdrive: 10, neon: 100 },
    everyCell: true,
    modelRuns: { sequential: 10, concurrent: 20, underFaults: 10 },
    transfers: 10,
    fuzzRequests: 5_000,
  },
} as const satisfies Record<string, Form>;

/** Reads TEST_FORM; the form is short without it. Throws where it names none. */
export function formOf({ TEST_FORM: name = 'short' }: Readonly<Record<string, string | undefined>>): Form {
  if (name === 'short' || name === 'full') return FORMS[name];
  throw new Error(`TEST_FORM must be short or full, not "${name}"`);
}
