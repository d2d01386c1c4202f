import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { GRAPH_RACES, runRace } from '../support/graph-races.ts';

const ROUNDS = inject('form').graphRounds;

describe.each(DRIVERS)('races in the graph over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  afterEach(() => expectGraphToAddUp(database));

  it.each(GRAPH_RACES)('in each of many rounds, $name', { timeout: 600_000 }, async (race) => {
    await runRace(app, race, ROUNDS[driver]);
    expect(app.log.filter(({ status }) => status >= 500)).toEqual([]);
  });
});
