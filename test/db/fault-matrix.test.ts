import { beforeAll, describe, expect, inject, it } from 'vitest';
import { RETRY_POLICY, type RetryPolicy } from '../../src/db/retry.ts';
import type { Answer } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import {
  CONFORMANCE_DRIVERS,
  type DatabaseUnderTest,
  DRIVERS,
  openTestDatabase,
} from '../support/database.ts';
import { RESERVATION } from '../support/example-task.ts';
import {
  ALL_ENDPOINTS,
  ALL_FAULTS,
  CELLS,
  type Cell,
  EVERY_CELL,
  EXAMPLE,
  type Expectation,
  expectationOf,
  FAULTS,
  faultsOn,
  LANES,
  type MatrixFault,
  REPRESENTATIVES,
  rowOf,
  SEED,
  SEED_CLAIM,
  type Times,
  TRIED_EVERYWHERE,
} from '../support/fault-matrix.ts';
import { beginServerFault, isServerFault } from '../support/server-faults.ts';

const REAL = inject('faultTimes') === 'real';
/** Jitter at its largest where pauses are slept, none where they are not. */
const CHANCE = REAL ? 0.999 : 0;
const PAUSES = RETRY_POLICY.pauses.map((pause) => pause * (1 + RETRY_POLICY.jitter * CHANCE));

/** For faults that only the service's own clock ends; what is left of the total lets a slow machine finish. */
const SCALED: RetryPolicy = { ...RETRY_POLICY, attemptTimeout: 1_000, totalTimeout: 5_500 };
/** Shorter than an attempt, so that the server speaks first; long enough to plan a change of many tasks beside nine other requests. */
const STATEMENT_TIMEOUT_MS = 1_500;
/** Timers of two processes and of the server's do not agree to the millisecond. */
const TOLERANCE_MS = 20;
/** What four attempts take, on a machine with other work, besides the waiting that is bounded. */
const OVERHEAD_MS = 20_000;

const NEEDED = 'TASK-050';

const IN_TURN = { concurrent: false };
/** The times are real, and a machine that stands still for one of them is no fault; a fault comes again. */
const IN_REAL_TIME = { ...IN_TURN, retry: 2 };

const SENTENCES = {
  database_unavailable: 'Database unavailable',
  outcome_unknown:
    'The connection to the database was lost before it answered: the change may or may not have been made. Send the same request again with its Idempotency-Key, or read the task before you try again',
} as const;

function timesOf(fault: MatrixFault): Times {
  const policy = REAL || !FAULTS[fault].silent ? RETRY_POLICY : SCALED;
  // An attempt is bound to the same time and begins earlier, so a little more keeps the two from racing.
  const delay = policy.attemptTimeout + (REAL ? 50 : 100);
  return { policy, delay, slept: REAL ? PAUSES : [] };
}

/** The longest that an answer may take: the documented 10 s, or in short what the fault gives reason for. */
function bound(fault: MatrixFault, { policy }: Times): number {
  if (REAL) return 10_000;
  return FAULTS[fault].silent ? policy.totalTimeout + OVERHEAD_MS : STATEMENT_TIMEOUT_MS + OVERHEAD_MS;
}

function expectBody({ status, body }: Answer, expected: Expectation): void {
  expect(status).toBe(expected.status);
  if (expected.code === undefined) {
    expect(body).toMatchObject({ success: true, ...expected.answers });
    return;
  }
  expect(body).toEqual({
    success: false,
    error: SENTENCES[expected.code],
    code: expected.code,
    request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
}

const triedOn = (endpoint: string, driver: string) =>
  new Set(
    CELLS.filter((cell) => cell.endpoint === endpoint && cell.driver === driver).map(({ fault }) => fault),
  );

describe('the fault matrix', () => {
  it.each(CONFORMANCE_DRIVERS)(
    'the matrix has every fault on a read, a write and a claim over %s',
    (driver) => {
      for (const endpoint of REPRESENTATIVES)
        expect(triedOn(endpoint, driver), endpoint).toEqual(new Set(ALL_FAULTS));
    },
  );

  it.each(DRIVERS)(
    'the matrix has every endpoint over %s, under every fault in the full form and under some in the short one',
    (driver) => {
      const faults = new Set(EVERY_CELL ? ALL_FAULTS : TRIED_EVERYWHERE);
      for (const endpoint of ALL_ENDPOINTS)
        expect([...triedOn(endpoint, driver)], endpoint).toEqual(expect.arrayContaining([...faults]));
    },
  );

  it('the matrix has every endpoint of the OpenAPI document except the health probes', async () => {
    const response = await appUnderTest().send('/openapi.json');
    // The shape that OpenAPI 3.1 prescribes.
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> };
    const endpoints = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const probes = ['GET /health', 'GET /ready'];
    expect(endpoints.sort()).toEqual([...ALL_ENDPOINTS, ...probes].sort());
  });
});

async function seed(database: DatabaseUnderTest): Promise<void> {
  await database.empty();
  await database.query('insert into projects (project_id) values ($1)', [EXAMPLE.project_id]);
  for (const { task_id, project_id, description } of [SEED, EXAMPLE]) {
    const values = [task_id, project_id, description];
    await database.query('insert into tasks (task_id, project_id, description) values ($1, $2, $3)', values);
  }
  // What the examples need, and that they do, which no state of theirs shows.
  await database.query(
    `with needed as (
       insert into tasks (task_id, project_id, description, status, completed_at)
       values ($1, $2, 'Do it', 'completed', now())
     )
     insert into task_needs (project_id, task_id, kind, need, need_group, parent, state)
     values ($2, $3, 'task', $1, 'task:' || $1, $1, 'met')`,
    [NEEDED, EXAMPLE.project_id, EXAMPLE.task_id],
  );
  // What the example of a restoration brings back.
  await database.query(
    `insert into tasks (task_id, project_id, description) values ('TASK-049', $1, 'Do it')`,
    [EXAMPLE.project_id],
  );
  await database.query(`select from delete_task($1, 'TASK-049', false)`, [EXAMPLE.project_id]);
  await database.query(
    `insert into id_reservations (reservation_id, project_id, artifact_type, first_number, count, expires_at)
     values
       ('${RESERVATION}', $1, 'US', 1, 3, now() + interval '15 minutes'),
       ('expired', $1, 'US', 4, 3, now() - interval '15 minutes')`,
    [EXAMPLE.project_id],
  );
  await database.query(
    `insert into tasks (
       task_id, project_id, description, status,
       attempt, claimed_by, last_claim_token, claim_token, claim_slot, lease_seconds, lease_expires_at
     ) values ('TASK-9', 'held', 'Do TASK-9', 'in_progress', $1, $2, $3, split_part($3, '.', 1)::bigint, 1, 900, now() + interval '15 minutes')`,
    [SEED_CLAIM.attempt, SEED_CLAIM.agent_id, SEED_CLAIM.token],
  );
}

// The cells of a lane share a database and therefore run in turn; the lanes, which mostly wait, run side by side.
describe.concurrent.each(LANES)('$endpoint over $driver', ({ driver, endpoint }) => {
  const cells = CELLS.filter((cell) => cell.driver === driver && cell.endpoint === endpoint);
  const begun = new Set<MatrixFault>();
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase({ statementTimeout: STATEMENT_TIMEOUT_MS });
  });

  const begin = async (fault: MatrixFault, { delay }: Times): Promise<() => Promise<void>> => {
    if (isServerFault(fault)) return beginServerFault(database, fault);
    await database.inject(fault, { delay });
    return () => database.inject('none');
  };

  const table = async () => {
    const rows = await database.query<{ task_id: string; status: string }>(
      `select task_id, status from tasks where task_id <> '${NEEDED}'`,
    );
    return Object.fromEntries(rows.map((row) => [row.task_id, row.status]));
  };

  const call = async ({ fault }: Cell, app: AppUnderTest, times: Times) => {
    const end = await begin(fault, times);
    try {
      const { statements } = await database.counts();
      const began = performance.now();
      const answer = await rowOf(endpoint).call(app);
      const took = performance.now() - began;
      return { answer, took, statements: (await database.counts()).statements - statements };
    } finally {
      await end();
    }
  };

  it.each(cells)('$endpoint over $driver answers as documented under $fault', IN_REAL_TIME, async (cell) => {
    begun.add(cell.fault);
    await seed(database);
    const times = timesOf(cell.fault);
    const expected = expectationOf(cell, times);
    const app = appUnderTest({
      driver,
      connectionString: database[driver],
      policy: times.policy,
      random: () => CHANCE,
      sleepsPauses: REAL,
      logLevel: 'silent',
    });
    const { answer, took, statements } = await call(cell, app, times);
    expectBody(answer, expected);
    expect(app.pauses).toEqual(PAUSES.slice(0, expected.repetitions));
    expect(statements).toBe(expected.statements);
    if (expected.table !== undefined) expect(await table()).toEqual(expected.table);
    expect(took).toBeGreaterThanOrEqual(expected.atLeast - TOLERANCE_MS);
    expect(took).toBeLessThan(bound(cell.fault, times));
  });

  it('the lane has met each of its faults', IN_TURN, () => {
    expect([...begun].sort()).toEqual([...faultsOn(endpoint)].sort());
  });
});
