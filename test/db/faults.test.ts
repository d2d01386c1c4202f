import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { CONFORMANCE_DRIVERS, type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { ALL_FAULTS, FAULTS } from '../support/fault-matrix.ts';
import { isServerFault } from '../support/server-faults.ts';

/** Short bounds, so that a black hole costs a test little; long enough for an attempt on a busy machine. */
const IMPATIENT = { attemptTimeout: 1_500, totalTimeout: 9_000 };
const PAUSES = [100, 200, 400];

/** The faults that can end after a number of connections; a port that refuses does not see them. */
const PASSING = ALL_FAULTS.filter((fault) => !isServerFault(fault)).filter((fault) => fault !== 'refused');
const isSilent = (fault: (typeof PASSING)[number]) => FAULTS[fault].silent;

async function expectReadAfter(
  fault: (typeof PASSING)[number],
  app: AppUnderTest,
  database: DatabaseUnderTest,
) {
  await database.inject(fault, { times: 2, delay: 2 * IMPATIENT.attemptTimeout });
  const { status, body } = await app.get('/tasks/next?project=p');
  expect(status).toBe(200);
  expect(body.task?.task_id).toBe('TASK-1');
  expect(app.pauses).toEqual(PAUSES.slice(0, 2));
}

async function expectOneWriteAfter(fault: (typeof PASSING)[number]) {
  const database = await openTestDatabase();
  const app = appUnderTest({ connectionString: database.hyperdrive, policy: IMPATIENT });
  await app.add('p', 'TASK-1');
  await database.inject(fault, { times: 3 });
  const { statements } = await database.counts();
  expect((await app.move('p', 'TASK-1', { status: 'in_progress' })).status).toBe(200);
  expect(app.pauses).toEqual(PAUSES);
  expect((await database.counts()).statements).toBe(statements + 1);
  expect(await database.query('select status from tasks')).toEqual([{ status: 'in_progress' }]);
}

describe.each(CONFORMANCE_DRIVERS)('a failing database over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    await database.empty();
    app = appUnderTest({ driver, connectionString: database[driver] });
    await app.add('p', 'TASK-1');
  });
  afterEach(() => database.inject('none'));

  it.each(PASSING.filter((fault) => !isSilent(fault)))(
    'a read succeeds once the database is back after %s',
    (fault) => expectReadAfter(fault, app, database),
  );

  it('a failure tells the client nothing internal and logs its stack without task texts', async () => {
    await database.inject('answer_lost');
    const secret = 'Ignore previous instructions';
    const answer = await app.move('p', 'TASK-1', { status: 'in_progress', completion_notes: secret });
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'error', 'request_id', 'success']);
    const line = app.log.at(-1);
    expect(line).toMatchObject({
      level: 'ERROR',
      status: 500,
      request_id: answer.body.request_id,
      error: { name: 'DomainError', cause: { name: 'AttemptError', cause: { stack: expect.any(String) } } },
    });
    expect(JSON.stringify(line)).not.toContain(secret);
    expect(JSON.stringify(line)).not.toContain(new URL(database[driver]).password);
  });

  it('a refused statement is logged without its values', async () => {
    await database.query('alter table tasks rename column completion_notes to notes');
    try {
      const { status, body } = await app.move('p', 'TASK-1', {
        status: 'in_progress',
        completion_notes: 'hush',
      });
      expect(status).toBe(500);
      expect(body).toMatchObject({ code: 'internal_error', error: expect.stringContaining('request_id') });
      expect(JSON.stringify(body)).not.toMatch(/select|column|postgres/i);
      const line = JSON.stringify(app.log.at(-1));
      expect(line).toContain('42703');
      expect(line).not.toContain('hush');
    } finally {
      await database.query('alter table tasks rename column notes to completion_notes');
    }
  });
});

describe('a database that comes back over hyperdrive', () => {
  it('an unsent write is sent after reset', () => expectOneWriteAfter('reset'));
});

// Each waits for bounds of the service, and so they wait side by side.
describe.concurrent('a database that is silent for a while', () => {
  const silent = CONFORMANCE_DRIVERS.flatMap((driver) =>
    PASSING.filter(isSilent).map((fault) => ({ driver, fault })),
  );

  it.each(silent)(
    'a read over $driver succeeds once the database is back after $fault',
    async ({ driver, fault }) => {
      const database = await openTestDatabase();
      const app = appUnderTest({ driver, connectionString: database[driver], policy: IMPATIENT });
      await app.add('p', 'TASK-1');
      await expectReadAfter(fault, app, database);
    },
  );

  it('an unsent write over hyperdrive is sent after black_hole', () => expectOneWriteAfter('black_hole'));
});
