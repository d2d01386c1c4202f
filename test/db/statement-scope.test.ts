import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { CONFORMANCE_DRIVERS, type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { PROJECT, STATES } from '../support/example-task.ts';
import { EVERY_USE, type Use } from '../support/operations.ts';

const ports = {
  sleep: () => Promise.resolve(),
  random: () => 0,
  now: () => performance.now(),
  onReplay: () => undefined,
};

type Allowed = readonly string[] | null;
const FOREIGN: readonly Allowed[] = [['beta'], [], [PROJECT.toUpperCase(), `${PROJECT} `]];
const OWN: readonly Allowed[] = [null, [PROJECT], ['beta', PROJECT]];

describe.each(CONFORMANCE_DRIVERS)('a statement by itself over %s', (driver) => {
  let bed: DatabaseUnderTest;

  beforeAll(async () => {
    bed = await openTestDatabase();
  });

  const table = () => bed.query('select * from tasks order by task_id');

  /** Runs a statement for a caller of these projects, which no operation has checked; whether it came to anything. */
  async function hasEffect({ statement, values }: Use, state: string, allowed_projects: Allowed) {
    await bed.query(state);
    const before = await table();
    const key = crypto.randomUUID();
    const identity = () => ({ caller: '', key, fingerprint: '', keptSeconds: 60 });
    const database = connect({ driver, connectionString: bed[driver] }, RETRY_POLICY, { ...ports, identity });
    const rows = await database.run(statement, { ...values, allowed_projects });
    await database.close();
    if (statement.access === 'read') return rows.length > 0;
    return JSON.stringify(await table()) !== JSON.stringify(before);
  }

  async function effects(use: Use, allowed: Allowed) {
    const found: boolean[] = [];
    for (const state of STATES) found.push(await hasEffect(use, state, allowed));
    return found;
  }

  it.each(EVERY_USE.map((use) => ({ name: use.statement.name, use })))(
    '$name finds and changes only what its caller may see',
    async ({ use }) => {
      for (const allowed of FOREIGN) expect(await effects(use, allowed)).toEqual([false, false, false]);
      for (const allowed of OWN) expect(await effects(use, allowed)).toContain(true);
    },
  );
});
