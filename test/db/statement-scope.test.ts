import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { PROJECT, STATES } from '../support/example-task.ts';
import { EVERY_USE, type Use } from '../support/operations.ts';
import { WITHOUT_KEY } from '../support/request-ports.ts';

const ports = {
  sleep: () => Promise.resolve(),
  random: () => 0,
  now: () => performance.now(),
  ...WITHOUT_KEY,
};

type Allowed = readonly string[] | null;
const FOREIGN: readonly Allowed[] = [['beta'], [], [PROJECT.toUpperCase(), `${PROJECT} `]];
const OWN: readonly Allowed[] = [[PROJECT], ['beta', PROJECT]];

describe.each(DRIVERS)('a statement by itself over %s', (driver) => {
  let bed: DatabaseUnderTest;

  beforeAll(async () => {
    bed = await openTestDatabase();
  });

  const table = async () => [
    await bed.query('select * from tasks order by task_id'),
    await bed.query('select * from projects order by project_id'),
    await bed.query('select * from artifacts order by name'),
    await bed.query('select * from id_counters order by project_id, prefix'),
    await bed.query('select * from id_reservations order by reservation_id'),
  ];

  /** Whether a statement comes to anything for a caller of these projects, whom no operation has checked. */
  async function hasEffect({ statement, values }: Use, allowed_projects: Allowed) {
    const before = await table();
    const database = connect({ driver, connectionString: bed[driver] }, RETRY_POLICY, ports);
    const rows = await database.run(statement, { ...values, allowed_projects });
    await database.close();
    if (statement.access === 'read') return rows.length > 0;
    return JSON.stringify(await table()) !== JSON.stringify(before);
  }

  /** The first state in which the statement comes to something for a caller of all projects. */
  async function fittingState(use: Use) {
    for (const state of STATES) {
      await bed.query(state);
      if (await hasEffect(use, null)) return state;
    }
    throw new Error(`${use.statement.name} comes to nothing in any state`);
  }

  it.each(EVERY_USE.map((use) => ({ name: use.statement.name, use })))(
    '$name finds and changes only what its caller may see',
    async ({ use }) => {
      const state = await fittingState(use);
      await bed.query(state);
      for (const allowed of FOREIGN) expect(await hasEffect(use, allowed)).toBe(false);
      for (const allowed of OWN) {
        await bed.query(state);
        expect(await hasEffect(use, allowed)).toBe(true);
      }
    },
  );
});
