import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { CONFORMANCE_DRIVERS, type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { EVERY_USE, type Use } from '../support/operations.ts';

const ports = {
  sleep: () => Promise.resolve(),
  random: () => 0,
  now: () => performance.now(),
  onReplay: () => undefined,
};

/** The project of the examples. */
const PROJECT = 'ai-agent-mcp-server';

const seed = (status: string, claim: string) => `
  insert into tasks (
    task_id, project_id, description, generator_name, status,
    attempt, claimed_by, claim_token, claim_slot, lease_seconds, lease_expires_at
  )
  values ('TASK-051', '${PROJECT}', 'Do it', 'prd-generator', '${status}', ${claim})`;

/** The states in which the examples may meet their task; each finds or changes something in one of them. */
const SEEDS = [
  seed('pending', '0, null, null, null, null, null'),
  seed('in_progress', '0, null, null, null, null, null'),
  seed('in_progress', `1, 'holder', 1042, 1, 60, now() + interval '1 minute'`),
];

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
    await bed.query(`truncate tasks; ${state}`);
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
    for (const state of SEEDS) found.push(await hasEffect(use, state, allowed));
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
