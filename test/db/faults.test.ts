import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newTask } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import type { Fault } from '../support/fault-proxy.ts';

/** Short bounds, so that a black hole costs a test little; the real ones are checked where they are defined. */
const IMPATIENT = { attemptTimeout: 80, totalTimeout: 1_000 };
const PAUSES = [100, 200, 400];

const ALL_FAULTS: readonly Fault[] = [
  'refused',
  'reset',
  'reset_before_statement',
  'answer_lost',
  'black_hole',
  'black_hole_after_statement',
];
/** The faults that can end after a number of connections; a port that refuses does not see them. */
const COUNTABLE = ALL_FAULTS.filter((fault) => fault !== 'refused');
/** The faults that keep a statement from arriving where the driver cannot know it. */
const SILENT: readonly Fault[] = ['reset_before_statement'];
const CARRIED_OUT: readonly Fault[] = ['answer_lost', 'black_hole_after_statement'];

describe.each(DRIVERS)('a failing database over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    await database.query('truncate tasks');
    app = appUnderTest({ driver, connectionString: database[driver], policy: IMPATIENT });
    await app.add('p', 'TASK-1');
  });
  afterEach(() => database.inject('none'));

  const start = () => app.move('p', 'TASK-1', { status: 'in_progress' });
  const statusOf = async (id: string) =>
    (await database.query<{ status: string }>('select status from tasks where task_id = $1', [id]))[0]
      ?.status;
  /** The statements that reached the database since the last call. */
  let before = 0;
  const statements = async () => {
    const total = (await database.counts()).statements;
    const since = total - before;
    before = total;
    return since;
  };

  it.each(ALL_FAULTS)('repeats a read three times, then gives up: %s', async (fault) => {
    await statements();
    await database.inject(fault);
    const began = Date.now();
    const { status, body } = await app.get('/tasks/next?project=p');
    expect(status).toBe(500);
    expect(body).toMatchObject({ error: 'Database unavailable', code: 'database_unavailable' });
    expect(app.pauses).toEqual(PAUSES);
    expect(await statements()).toBe(CARRIED_OUT.includes(fault) ? 4 : 0);
    expect(Date.now() - began).toBeLessThan(IMPATIENT.totalTimeout + 500);
  });

  it.each(COUNTABLE)('reads on once the database is back: %s', async (fault) => {
    await database.inject(fault, { times: 2 });
    const { status, body } = await app.get('/tasks/next?project=p');
    expect(status).toBe(200);
    expect(body.task?.task_id).toBe('TASK-1');
    expect(app.pauses).toEqual(PAUSES.slice(0, 2));
  });

  it.each(CARRIED_OUT)('does not repeat a write that was carried out: %s', async (fault) => {
    await statements();
    await database.inject(fault);
    const { status, body } = await start();
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'outcome_unknown', error: expect.stringContaining('may or may not') });
    expect(app.pauses).toEqual([]);
    expect(await statements()).toBe(1);
    expect(await statusOf('TASK-1')).toBe('in_progress');
  });

  it.each(SILENT)('does not repeat a write that may have been carried out: %s', async (fault) => {
    await statements();
    await database.inject(fault);
    expect((await start()).body.code).toBe('outcome_unknown');
    expect(app.pauses).toEqual([]);
    expect(await statements()).toBe(0);
    expect(await statusOf('TASK-1')).toBe('pending');
  });

  it('adds a batch once, or says that it does not know', async () => {
    await database.inject('answer_lost');
    const { body } = await app.post('/tasks/batch', { tasks: [newTask('p', 'TASK-2')] });
    expect(body.code).toBe('outcome_unknown');
    await database.inject('none');
    expect((await app.get('/tasks?project=p')).body.tasks.map((task) => task.task_id)).toEqual([
      'TASK-1',
      'TASK-2',
    ]);
  });

  const UNSENT: readonly Fault[] = ['refused', 'reset', 'black_hole'];

  it.each(UNSENT)('handles a write that could not be sent: %s', async (fault) => {
    await statements();
    await database.inject(fault);
    const { status, body } = await start();
    expect(status).toBe(500);
    // Over HTTP a connection that fails looks like an answer that was lost, so it is not repeated.
    expect(body.code).toBe(driver === 'hyperdrive' ? 'database_unavailable' : 'outcome_unknown');
    expect(app.pauses).toEqual(driver === 'hyperdrive' ? PAUSES : []);
    expect(await statements()).toBe(0);
    expect(await statusOf('TASK-1')).toBe('pending');
  });

  it('says nothing of the inside to the client, and logs the error with its stack but no task text', async () => {
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

  it('logs a refused statement without the values that it carried', async () => {
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

  it('says that a read-only database is unavailable, without trying again', async () => {
    await database.query(`do $$ begin
      execute format('alter database %I set default_transaction_read_only = on', current_database());
    end $$`);
    try {
      // The gateway's pooled connections are older than the setting.
      await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
      await app.get('/tasks/next?project=p');
      const { status, body } = await start();
      expect(status).toBe(500);
      expect(body.code).toBe('database_unavailable');
    } finally {
      await database.query('set default_transaction_read_only = off');
      await database.query(`do $$ begin
        execute format('alter database %I reset default_transaction_read_only', current_database());
      end $$`);
      await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
    }
  });
});

describe('a database that comes back over hyperdrive', () => {
  it.each(['reset', 'black_hole'] as const)('gets a write that was not sent before: %s', async (fault) => {
    const database = await openTestDatabase();
    const app = appUnderTest({ connectionString: database.hyperdrive, policy: IMPATIENT });
    await app.add('p', 'TASK-1');
    await database.inject(fault, { times: 3 });
    const { statements } = await database.counts();
    expect((await app.move('p', 'TASK-1', { status: 'in_progress' })).status).toBe(200);
    expect(app.pauses).toEqual(PAUSES);
    expect((await database.counts()).statements).toBe(statements + 1);
    expect(await database.query('select status from tasks')).toEqual([{ status: 'in_progress' }]);
  });
});
