import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const LONGEST_WAIT = 15 * 60;
const FUTURE = '2999-01-01T00:00:00.000Z';

describe.each(DRIVERS)('an agent that gets nothing over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => moveClock(database, 0));

  const nothing = async (more: Record<string, unknown> = {}) => {
    const { body } = await app.claim('p', 'waiting', more);
    expect(body).toMatchObject({ success: true, task: null, claim: null });
    return body;
  };

  it('an agent is told when the first lease ends, and then gets the task of the dead agent', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await app.claim('p', 'a', { lease_seconds: 600 });
    await app.claim('p', 'b', { lease_seconds: 30 });
    const { reason, retry_after_seconds } = await nothing();
    expect(reason).toBe('all_claimed');
    expect(retry_after_seconds).toBeLessThanOrEqual(30);
    expect(retry_after_seconds).toBeGreaterThan(10);
    await moveClock(database, retry_after_seconds);
    expect((await app.claim('p', 'waiting')).body.task?.task_id).toBe('TASK-2');
  });

  it('an agent is told of the lease or the due task, whichever comes first', async () => {
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', not_before: inSeconds(7 * 24 * 3_600) });
    await app.claim('p', 'a', { lease_seconds: 30 });
    const first = await nothing();
    expect(first.reason).toBe('none_due');
    expect(first.retry_after_seconds).toBeLessThanOrEqual(30);
    expect(first.retry_after_seconds).toBeGreaterThan(10);
    await app.claim('p', 'a', { lease_seconds: 600 });
    await app.add('p', { task_id: 'TASK-3', not_before: inSeconds(60) });
    const second = await nothing();
    expect(second.reason).toBe('none_due');
    expect(second.retry_after_seconds).toBeLessThanOrEqual(60);
    expect(second.retry_after_seconds).toBeGreaterThan(30);
  });

  it.each([1, 3])('an agent waits for a lease on attempt 1 of %i', async (max_attempts) => {
    await app.add('p', { task_id: 'TASK-1', max_attempts });
    const { token } = (await app.claim('p', 'a')).body.claim;
    expect((await nothing()).reason).toBe('all_claimed');
    await app.post('/tasks/TASK-1/release', { claim_token: token });
    expect((await app.claim('p', 'waiting')).body.task?.task_id).toBe('TASK-1');
  });

  it('an agent is told to wait for a quarter of an hour at most', async () => {
    await app.add('p', 'TASK-1');
    await app.claim('p', 'a', { lease_seconds: 24 * 3_600 });
    expect(await nothing()).toMatchObject({ reason: 'all_claimed', retry_after_seconds: LONGEST_WAIT });
    await app.add('p', { task_id: 'TASK-2', not_before: FUTURE });
    expect(await nothing()).toMatchObject({ reason: 'none_due', retry_after_seconds: LONGEST_WAIT });
  });

  it('an agent waits for tasks of its generator and project only', async () => {
    const generator_name = 'hls';
    await app.add('p', { task_id: 'TASK-1', generator_name }, 'TASK-2', {
      task_id: 'TASK-3',
      not_before: FUTURE,
    });
    await app.add('other', 'TASK-4');
    await app.claim('other', 'a');
    await app.claim('p', 'a', { generator_name, lease_seconds: 60 });
    await app.claim('p', 'b', { lease_seconds: 30 });
    expect((await nothing()).retry_after_seconds).toBeLessThanOrEqual(30);
    const { reason, retry_after_seconds } = await nothing({ generator_name });
    expect(reason).toBe('all_claimed');
    expect(retry_after_seconds).toBeGreaterThan(30);
    expect((await nothing({ generator_name: 'prd' })).reason).toBe('none_pending');
  });
});
