import * as fc from 'fast-check';
import type { DriverName } from '../../src/db/target.ts';
import { appUnderTest } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { type Plan, plans } from './arbitraries.ts';
import { expectSound } from './checker.ts';
import { rememberCreations } from './creations.ts';
import { record } from './history.ts';
import type { Breakage } from './known-breakages.ts';
import { LESS_IMPATIENT, runsOf } from './parameters.ts';

/** Far more than a breakage needs to show, so that chance does not decide. */
const ENOUGH_RUNS = 2_000;
/** More than a machine that stalls for a while can spoil. */
const LIKELY_RUNS = 100;

/** A database for services that are broken. */
export interface BrokenService {
  readonly database: DatabaseUnderTest;
  /** Runs the property of the concurrent tests against a broken service until it fails, and then may shrink. */
  findViolation(breakage: Breakage, options: { shrink: boolean }): Promise<fc.RunDetails<[Plan]>>;
}

export async function openBrokenService(driver: DriverName): Promise<BrokenService> {
  const database = await openTestDatabase();
  await rememberCreations(database);
  const clock: TestClock = testClock(database);
  return {
    database,
    async findViolation({ decorate, sabotage, faults, likely }, { shrink }) {
      const mend = await sabotage?.(database);
      const policy = faults ? LESS_IMPATIENT : {};
      const connectionString = database[driver];
      const options = {
        driver,
        connectionString,
        logLevel: 'silent',
        ...(decorate && { decorate }),
      } as const;
      const app = appUnderTest({ ...options, policy });
      const patient = appUnderTest(options);
      const property = fc.asyncProperty(plans({ faults }), async (plan) => {
        // What earlier runs left behind shows through some breakages, and then a plan fails once and passes again.
        if (shrink) await database.empty();
        expectSound(await record({ api: app, patient, database, clock }, plan, faults));
      });
      // To shrink a plan of ours would show nothing: the search has to find one of its own.
      const examples = likely === undefined || shrink ? [] : Array<[Plan]>(LIKELY_RUNS).fill([likely]);
      try {
        return await fc.check(property, {
          ...runsOf(ENOUGH_RUNS),
          numRuns: ENOUGH_RUNS,
          endOnFailure: !shrink,
          examples,
        });
      } finally {
        await mend?.();
      }
    },
  };
}
