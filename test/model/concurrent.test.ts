import { afterEach, beforeAll, describe, inject, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { plans } from './arbitraries.ts';
import { expectSound } from './checker.ts';
import { rememberCreations } from './creations.ts';
import { record } from './history.ts';
import { assertFor, IMPATIENT, patienceFor } from './parameters.ts';

const RUNS = inject('form').modelRuns;

describe.each(DRIVERS)('many clients at once over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;
  let patient: AppUnderTest;
  let clock: TestClock;

  beforeAll(async () => {
    database = await openTestDatabase();
    await rememberCreations(database);
    clock = testClock(database);
    patient = appUnderTest({ driver, connectionString: database[driver], logLevel: 'silent' });
  });
  afterEach(() => database.inject('none'));

  const expectSoundPlans = (runs: number, faults: boolean) =>
    assertFor(runs, plans({ faults }), async (plan) => {
      expectSound(await record({ api: app, patient, database, clock }, plan, faults));
    });
  const open = (options: Parameters<typeof appUnderTest>[0]) => {
    app = appUnderTest({ driver, connectionString: database[driver], logLevel: 'silent', ...options });
  };

  it('clients see a history that one order explains', { timeout: patienceFor(RUNS.concurrent) }, async () => {
    open({});
    await expectSoundPlans(RUNS.concurrent, false);
  });

  it('clients see such a history even while connections fail', {
    timeout: patienceFor(RUNS.underFaults),
  }, async () => {
    open({ policy: IMPATIENT });
    await expectSoundPlans(RUNS.underFaults, true);
  });
});
