import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { digestOf } from '../support/digest.ts';
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

const TABLE = `
  select concat_ws(
    ', ',
    ${digestOf('tasks', 'task_id')},
    ${digestOf('projects', 'project_id')},
    ${digestOf('artifacts', 'name')},
    ${digestOf('id_counters', 'project_id, prefix')},
    ${digestOf('id_reservations', 'reservation_id')}
  ) as content`;

describe.each(DRIVERS)('a statement by itself over %s', (driver) => {
  let bed: DatabaseUnderTest;

  beforeAll(async () => {
    bed = await openTestDatabase();
  });

  /** Whether a statement comes to anything for a caller of these projects, whom no operation has checked. */
  async function hasEffect({ statement, values }: Use, allowed_projects: Allowed) {
    const isRead = statement.access === 'read';
    const before = isRead ? [] : await bed.query(TABLE);
    const database = connect({ driver, connectionString: bed[driver] }, RETRY_POLICY, ports);
    const rows = await database.run(statement, { ...values, allowed_projects });
    await database.close();
    if (isRead) return rows.length > 0;
    return JSON.stringify(await bed.query(TABLE)) !== JSON.stringify(before);
  }

  /** Brings about the first state in which the statement comes to something for a caller of all projects. */
  async function fittingState(use: Use) {
    for (const state of STATES) {
      await bed.query(state);
      if (!(await hasEffect(use, null))) continue;
      if (use.statement.access === 'write') await bed.query(state);
      return state;
    }
    throw new Error(`${use.statement.name} comes to nothing in any state`);
  }

  it.each(EVERY_USE.map((use) => ({ name: use.statement.name, use })))(
    '$name finds and changes only what its caller may see',
    async ({ use }) => {
      const state = await fittingState(use);
      for (const allowed of FOREIGN) expect(await hasEffect(use, allowed)).toBe(false);
      for (const allowed of OWN) {
        expect(await hasEffect(use, allowed)).toBe(true);
        if (use.statement.access === 'write') await bed.query(state);
      }
    },
  );
});
