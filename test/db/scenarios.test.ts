import { beforeAll } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { PATIENT_POLICY } from '../support/patience.ts';
import { describeScenarios } from '../support/scenarios.ts';

for (const driver of DRIVERS) {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;
  beforeAll(async () => {
    database = await openTestDatabase({ statementTimeout: PATIENT_POLICY.attemptTimeout });
  });
  describeScenarios(`US-050 over ${driver}`, () => {
    app ??= appUnderTest({ driver, connectionString: database[driver] });
    return { api: app, database, log: () => app.log };
  });
}
