import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const LEASE = 900;

describe.each(DRIVERS)('attempts over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    await moveClock(database, 0);
  });

  const claim = async (agent = 'a', more: Record<string, unknown> = {}) => {
    const { body } = await app.claim('p', agent, more);
    return { token: body.claim.token, body };
  };
  const beat = (claim_token: string, more: Record<string, unknown> = {}) =>
    app.post('/tasks/TASK-1/heartbeat', { claim_token, ...more });
  const get = async (include: string) => (await app.get(`/tasks/TASK-1?project=p&include=${include}`)).body;
  const attempts = async () => (await get('attempts')) as unknown as { attempts: Record<string, unknown>[] };

  it('each claim that has ended is an attempt with its agent, outcome, progress and usage', async () => {
    await app.add('p', { task_id: 'TASK-1', max_attempts: 3 });
    const first = await claim('a');
    const usage = { input_tokens: 10, output_tokens: 2, cost_micro_usd: 7 };
    await beat(first.token, { progress: { percent: 40, note: 'Chapter 3' }, usage: { input_tokens: 1 } });
    await beat(first.token, { usage });
    await app.move('p', 'TASK-1', {
      status: 'failed',
      error: 'no luck',
      claim_token: first.token,
      delay_seconds: 0,
    });
    const second = await claim('b');
    await app.post('/tasks/TASK-1/release', { claim_token: second.token, reason: 'rate_limited' });
    await claim('c');
    await moveClock(database, LEASE + 1);
    const last = await claim('d');
    await app.move('p', 'TASK-1', { status: 'completed', claim_token: last.token, usage });
    const shown = (await attempts()).attempts;
    expect(shown).toMatchObject([
      { agent_id: 'd', attempt: 2, outcome: 'completed', error: null, progress: null, usage },
      { agent_id: 'c', attempt: 2, outcome: 'expired', error: 'The lease of c expired' },
      { agent_id: 'b', attempt: 2, outcome: 'released', error: null },
      {
        agent_id: 'a',
        attempt: 1,
        outcome: 'failed',
        error: 'no luck',
        progress: { percent: 40, note: 'Chapter 3' },
        usage,
      },
    ]);
    for (const { began_at, ended_at } of shown)
      expect(Date.parse(String(began_at))).toBeLessThanOrEqual(Date.parse(String(ended_at)));
    expect((await app.get('/tasks/TASK-1?project=p')).body).not.toHaveProperty('attempts');
  });

  it('what was reported of an attempt is shown while it runs, and not after', async () => {
    await app.add('p', 'TASK-1');
    const { token } = await claim();
    const progress = { percent: 10, note: null };
    const { body } = await beat(token, { progress: { percent: 10 }, usage: { output_tokens: 5 } });
    const usage = { input_tokens: null, output_tokens: 5, cost_micro_usd: null };
    expect(body).toMatchObject({ continue: true, task: { progress, usage } });
    const { body: released } = await app.post('/tasks/TASK-1/release', { claim_token: token });
    expect(released.released_task).toMatchObject({ progress: null, usage: null });
  });

  it('a checkpoint goes to the next claim after a release, an expiry and a failure', async () => {
    await app.add('p', 'TASK-1');
    const checkpoint = { chapter: 3, done: ['a', 'ü'] };
    const one = await claim();
    expect(one.body).not.toHaveProperty('checkpoint');
    await beat(one.token, { checkpoint });
    await app.post('/tasks/TASK-1/release', { claim_token: one.token });
    const two = await claim();
    expect(two.body).toMatchObject({ checkpoint });
    await moveClock(database, LEASE + 1);
    const three = await claim('b');
    expect(three.body).toMatchObject({ checkpoint });
    await app.move('p', 'TASK-1', { status: 'failed', claim_token: three.token, delay_seconds: 0 });
    expect((await claim('b')).body).toMatchObject({ checkpoint });
    expect(await get('checkpoint')).toMatchObject({ checkpoint });
  });

  it.each([
    ['a completion', { status: 'completed' }],
    ['a reset', { status: 'pending', reset: true }],
  ])('a checkpoint is gone after %s', async (_, move) => {
    await app.add('p', 'TASK-1');
    const { token } = await claim();
    await beat(token, { checkpoint: 1 });
    expect((await app.move('p', 'TASK-1', { ...move, claim_token: token })).status).toBe(200);
    expect(await get('checkpoint')).toMatchObject({ checkpoint: null });
  });

  it('a completion keeps its result and artifacts with the task until a reset', async () => {
    await app.add('p', 'TASK-1');
    const { token } = await claim();
    const result = { verdict: 'good', scores: [1, 2.5], nested: { ü: null } };
    const artifacts = [
      { name: 'report', uri: 's3://bucket/report.pdf', sha256: 'a'.repeat(64), bytes: 12_345 },
      { name: 'log', uri: 'file:///tmp/log' },
    ];
    const whole = [artifacts[0], { ...artifacts[1], sha256: null, bytes: null }];
    const { body } = await app.move('p', 'TASK-1', {
      status: 'completed',
      claim_token: token,
      result,
      artifacts,
    });
    expect(body.updated_task).toMatchObject({ result, artifacts: whole });
    expect((await app.get('/tasks?project=p')).body.tasks).toMatchObject([{ result, artifacts: whole }]);
    const { body: reset } = await app.move('p', 'TASK-1', { status: 'pending', reset: true });
    expect(reset.updated_task).toMatchObject({ result: null, artifacts: [] });
  });

  it('a heartbeat for a task that was cancelled says to stop, and why', async () => {
    await app.add('p', 'TASK-1');
    const { token } = await claim();
    await app.move('p', 'TASK-1', { status: 'cancelled', force: true });
    const { status, body } = await beat(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      continue: false,
      reason: 'cancelled',
      claim: null,
      task: { status: 'cancelled' },
    });
    const other = await beat(token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
    expect([other.status, other.body.code]).toEqual([409, 'claim_lost']);
  });

  it('no heartbeat prolongs an attempt beyond max_run_seconds', async () => {
    await app.add('p', { task_id: 'TASK-1', max_run_seconds: 1_000 });
    const began = Date.now();
    const { token, body } = await claim('a', { lease_seconds: 600 });
    const left = (moment: string) => Math.round((Date.parse(moment) - began) / 10_000) * 10;
    expect(left(body.claim.lease_expires_at)).toBe(600);
    await moveClock(database, 500);
    const beaten = await beat(token);
    expect(beaten.body).toMatchObject({ continue: true });
    expect(left(beaten.body.claim.lease_expires_at)).toBe(1_000);
    await moveClock(database, 1_001);
    expect((await beat(token)).body).toMatchObject({ continue: false, reason: 'run_over' });
    const next = await claim('b', { lease_seconds: 86_400 });
    expect(next.body).toMatchObject({ reason: 'claimed', task: { expiries: 1 } });
    expect(left(next.body.claim.lease_expires_at)).toBe(2_000);
  });

  it('a heartbeat leaves an event where it reports progress, and none otherwise', async () => {
    await app.add('p', 'TASK-1');
    const { token } = await claim();
    await beat(token, { checkpoint: 'secret', usage: { input_tokens: 1 } });
    await beat(token, { progress: { percent: 5 } });
    const events = await database.query(
      `select type, agent_id, data from task_events where task_id = 'TASK-1' order by seq`,
    );
    expect(events).toMatchObject([
      { type: 'added' },
      { type: 'claimed', agent_id: 'a', data: { lease_seconds: LEASE } },
      { type: 'progressed', agent_id: 'a', data: { percent: 5 } },
    ]);
  });

  it('a heartbeat without progress changes no indexed column', async () => {
    await app.add('p', 'TASK-1');
    const { token } = await claim();
    const [before] = await database.query<{ ctid: string; n: number }>(
      `select lease_check_at, ready_at, version, updated_at, status, claimed_by, claim_slot from tasks`,
    );
    await moveClock(database, 100);
    await beat(token);
    const [after] = await database.query(
      `select lease_check_at, ready_at, version, updated_at, status, claimed_by, claim_slot from tasks`,
    );
    expect(after).toEqual(before);
  });
});
