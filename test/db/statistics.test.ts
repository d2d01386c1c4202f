import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Statistics } from '../../src/contract/read-statistics.ts';
import { STATISTICS } from '../../src/domain/statistics.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

/** What the database takes for today; far from any other day, so that a test may run at midnight. */
const TODAY = '2031-03-10';
const USAGE = { input_tokens: 1_000, output_tokens: 100, cost_micro_usd: 2_000 };

/** So many events of one task before all that the test made, or of another moment. */
const EVENTS = `
  insert into task_events (project_id, xid, task_id, version, at, type, from_status, to_status, caller, waited_ms, is_history)
  select 'p', '1000'::xid8, 'OLD-1', 1, $1::timestamptz, 'moved', 'pending', 'in_progress', 'test', $2::bigint, $4
  from generate_series(1, $3::int)`;

describe.each(DRIVERS)('the statistics of a project over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  /** Sets the clock of the database to a moment of UTC. */
  const setClock = (moment: string) =>
    moveClock(database, Math.round((Date.parse(`${moment}Z`) - Date.now()) / 1_000));

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    await setClock(`${TODAY}T12:00:00`);
  });

  const read = async (query = ''): Promise<Statistics> =>
    (await app.get(`/statistics?project=p${query}`)).body as unknown as Statistics;
  const dayOf = (statistics: Statistics, day = TODAY) => statistics.days.find((one) => one.day === day);
  const addEvents = (at: string, waited: number, count = 1, isHistory = false) =>
    database.query(EVENTS, [at, waited, count, isHistory]);

  /** Has an agent claim a task and end it so. */
  const work = async (agent: string, end: Record<string, unknown>) => {
    const { claim, task } = (await app.claim('p', agent)).body;
    const moved = await app.move('p', task?.task_id ?? '', { claim_token: claim.token, ...end });
    expect(moved.status).toBe(200);
  };

  it('a project in which nothing happened has its days, all empty and complete', async () => {
    const statistics = await read('&days=3');
    expect(statistics.days.map(({ day }) => day)).toEqual(['2031-03-08', '2031-03-09', TODAY]);
    expect(statistics.days[2]).toEqual({
      day: TODAY,
      added: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      retried: 0,
      expired: 0,
      waiting_seconds: null,
      lead_seconds: null,
      input_tokens: 0,
      output_tokens: 0,
      cost_micro_usd: 0,
    });
    expect(statistics).toMatchObject({
      failures: [],
      failures_left_out: 0,
      agents_today: [],
      agents_left_out: 0,
      complete_from: '2031-03-08T00:00:00.000Z',
    });
    expect((await read()).days).toHaveLength(STATISTICS.usualDays);
  });

  it('each change counts on the UTC day on which it happened', async () => {
    await setClock('2031-03-09T23:59:30');
    await app.add('p', 'TASK-1', 'TASK-2', { task_id: 'TASK-3', max_attempts: 2 }, 'TASK-4', {
      task_id: 'TASK-5',
      status: 'completed',
    });
    await work('one', { status: 'completed' });
    await setClock(`${TODAY}T12:00:00`);
    await work('one', { status: 'completed' });
    await work('one', { status: 'failed', error: 'down', delay_seconds: 0 });
    await work('one', { status: 'failed', error: 'down' });
    await app.move('p', 'TASK-4', { status: 'cancelled' });
    const statistics = await read();
    expect(dayOf(statistics, '2031-03-09')).toMatchObject({
      added: 5,
      completed: 1,
      failed: 0,
      cancelled: 0,
    });
    expect(dayOf(statistics)).toMatchObject({ added: 0, completed: 1, failed: 1, retried: 1, cancelled: 1 });
  });

  it('usage counts on the day on which the claim ended, also after the task is archived or deleted', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3', 'TASK-4');
    await work('one', { status: 'completed', usage: USAGE });
    await work('two', { status: 'completed', usage: { ...USAGE, cost_micro_usd: 9_000 } });
    await work('two', { status: 'completed' });
    await app.claim('p', 'three');
    const expected = {
      agents_today: [
        { agent_id: 'two', attempts: 2, input_tokens: 1_000, output_tokens: 100, cost_micro_usd: 9_000 },
        { agent_id: 'one', attempts: 1, input_tokens: 1_000, output_tokens: 100, cost_micro_usd: 2_000 },
      ],
    };
    const before = await read();
    expect(before).toMatchObject(expected);
    expect(dayOf(before)).toMatchObject({ input_tokens: 2_000, output_tokens: 200, cost_micro_usd: 11_000 });
    await app.delete('/tasks/TASK-1?project=p');
    await database.query(`
      insert into archived_tasks (project_id, task_id, seq, archived_at, task, attempts)
      select project_id, task_id, seq, now(), to_jsonb(tasks), (
        select jsonb_agg(to_jsonb(attempts)) from attempts where attempts.task_id = tasks.task_id
      )
      from tasks where task_id = 'TASK-2';
      delete from tasks where task_id = 'TASK-2'`);
    const after = await read();
    expect(after.agents_today).toEqual(before.agents_today);
    expect(dayOf(after)).toEqual(dayOf(before));
    await setClock('2031-03-11T00:00:30');
    const next = await read();
    expect(next.agents_today).toEqual([]);
    expect(dayOf(next)).toEqual(dayOf(before));
  });

  it('waiting and lead times are percentiles of each day', async () => {
    const tasks = Array.from({ length: 11 }, (_, index) => `TASK-${index + 1}`);
    await app.add('p', ...tasks);
    for (const _ of tasks) await work('one', { status: 'completed' });
    // From 0 to 10 seconds of waiting, and from 0 to 100 seconds of lead.
    await database.query(`
      update task_events set waited_ms = (attempt_of.n - 1) * 1000
      from (select task_id, substring(task_id from 6)::int as n from tasks) as attempt_of
      where attempt_of.task_id = task_events.task_id and type = 'claimed';
      update tasks set created_at = (
        select at from task_events where task_events.task_id = tasks.task_id and to_status = 'completed'
      ) - (substring(task_id from 6)::int - 1) * interval '10 seconds'`);
    expect(dayOf(await read())).toMatchObject({
      waiting_seconds: { p50: 5, p95: 9.5 },
      lead_seconds: { p50: 50, p95: 95 },
    });
  });

  it('failures that differ in their numbers only have one reason, and the rarest reasons are counted together', async () => {
    const reasons = Array.from({ length: STATISTICS.reasons + 2 }, (_, index) =>
      String.fromCharCode(97 + index).repeat(2),
    );
    const errors = [...reasons, 'port 81 is closed', 'port 8080 is closed', null, 'x'.repeat(200)];
    const tasks = errors.map((_, index) => ({ task_id: `TASK-${index}`, max_attempts: 1 }));
    await app.add('p', ...tasks);
    for (const error of errors) await work('one', { status: 'failed', ...(error === null ? {} : { error }) });
    const { failures, failures_left_out } = await read();
    expect(failures).toHaveLength(STATISTICS.reasons);
    expect(failures[0]).toEqual({ reason: 'port … is closed', count: 2 });
    expect(failures_left_out).toBe(errors.length - STATISTICS.reasons - 1);
    await database.query(`delete from task_events where data ->> 'error' ~ '^([a-h])\\1$'`);
    const fewer = (await read()).failures.map(({ reason }) => reason);
    expect(fewer).toContain(null);
    expect(fewer).toContain(`${'x'.repeat(STATISTICS.reasonCharacters - 1)}…`);
  });

  it('a claim whose lease ended counts as expired, and as a failure where no attempt is left', async () => {
    await app.add('p', { task_id: 'TASK-1', max_expiries: 2 });
    await app.claim('p', 'one', { lease_seconds: 30 });
    await setClock(`${TODAY}T13:00:00`);
    await app.claim('p', 'two', { lease_seconds: 30 });
    expect(dayOf(await read())).toMatchObject({ expired: 1, failed: 0 });
    await setClock(`${TODAY}T14:00:00`);
    await app.claim('p', 'two', { lease_seconds: 30 });
    const statistics = await read();
    expect(dayOf(statistics)).toMatchObject({ expired: 2, failed: 1 });
    expect(statistics.failures).toEqual([{ reason: 'The lease expired', count: 1 }]);
  });

  it('what an import tells of the past counts on no day', async () => {
    await addEvents(`${TODAY}T01:00:00Z`, 5_000, 3, true);
    await addEvents(`${TODAY}T02:00:00Z`, 7_000);
    expect(dayOf(await read())?.waiting_seconds).toEqual({ p50: 7, p95: 7 });
  });

  it('events beyond the bound are left out, and the answer says from when on it is complete', async () => {
    await addEvents('2031-03-08T10:00:00Z', 1_000);
    await addEvents('2031-03-09T10:00:00Z', 1_000, STATISTICS.events - 1);
    await addEvents(`${TODAY}T10:00:00Z`, 1_000);
    const statistics = await read();
    expect(statistics.complete_from).toBe('2031-03-09T10:00:00.000Z');
    expect(dayOf(statistics, '2031-03-08')?.waiting_seconds).toBeNull();
    expect(dayOf(statistics, '2031-03-09')?.waiting_seconds).toEqual({ p50: 1, p95: 1 });
    expect((await read('&days=1')).complete_from).toBe(`${TODAY}T00:00:00.000Z`);
  });

  it('where older events are no longer kept, the answer is complete from the oldest one on', async () => {
    await addEvents('2031-03-09T10:00:00Z', 1_000);
    expect((await read()).complete_from).toBe('2031-02-25T00:00:00.000Z');
    await database.query(`insert into log_floors (project_id, xid, seq) values ('p', '999', 1)`);
    expect((await read()).complete_from).toBe('2031-03-09T10:00:00.000Z');
    expect((await read('&days=1')).complete_from).toBe(`${TODAY}T00:00:00.000Z`);
  });

  it('the history of an import does not end the look at what came before it', async () => {
    await addEvents(`${TODAY}T01:00:00Z`, 5_000);
    await addEvents('2001-01-01T00:00:00Z', 1_000, STATISTICS.eventsPerStep + 1, true);
    await addEvents(`${TODAY}T02:00:00Z`, 3_000);
    expect(dayOf(await read())?.waiting_seconds).toEqual({ p50: 4, p95: 4.9 });
  });

  it('another project’s work counts in no figure', async () => {
    await app.add('q', 'TASK-1', 'TASK-2');
    await app.add('p', 'TASK-1');
    const { claim } = (await app.claim('q', 'one')).body;
    await app.move('q', 'TASK-1', { status: 'completed', claim_token: claim.token, usage: USAGE });
    await app.move('q', 'TASK-2', { status: 'cancelled' });
    const statistics = await read();
    expect(dayOf(statistics)).toMatchObject({ added: 1, completed: 0, cancelled: 0, cost_micro_usd: 0 });
    expect(statistics.agents_today).toEqual([]);
  });

  it.each(['0', '91', 'two', '1.5'])('days=%s is refused', async (days) => {
    expect((await app.get(`/statistics?project=p&days=${days}`)).body).toMatchObject({
      code: 'validation_error',
    });
  });
});
