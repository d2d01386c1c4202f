import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { generationOf, tokenOf } from '../support/claim-token.ts';
import { moveClock } from '../support/clock.ts';
import { NOTHING_COUNTED } from '../support/counts.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const LEASE = 15 * 60;
const LONGEST_WAIT = 15 * 60;
const FUTURE = '2999-01-01T00:00:00.000Z';

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe.each(DRIVERS)('claims over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => moveClock(database, 0));

  const row = async (id: string) =>
    (await database.query<Record<string, unknown>>('select * from tasks where task_id = $1', [id]))[0];

  describe('the task that a claim gives', () => {
    it('a claim gives the most urgent task and then the oldest, as GET /tasks/next shows it', async () => {
      await app.add('p', { task_id: 'TASK-1', priority: 3 }, 'TASK-2', 'TASK-3', {
        task_id: 'TASK-4',
        priority: 0,
      });
      const given: (string | undefined)[] = [];
      for (const agent of ['a', 'b', 'c', 'd']) {
        const next = await app.get('/tasks/next?project=p');
        const { body } = await app.claim('p', agent);
        expect(body.task?.task_id).toBe(next.body.task?.task_id);
        given.push(body.task?.task_id);
      }
      expect(given).toEqual(['TASK-4', 'TASK-2', 'TASK-3', 'TASK-1']);
      await database.query(`update tasks set status = 'completed', completed_at = now(), claimed_by = null,
        claim_token = null, claim_slot = null, lease_seconds = null, lease_expires_at = null`);
      expect((await app.claim('p', 'e')).body).toEqual({
        success: true,
        task: null,
        reason: 'none_pending',
        claim: null,
        counts: NOTHING_COUNTED,
      });
    });

    it('a claimed task is in progress for its agent, with a token and a lease', async () => {
      await app.add('p', 'TASK-1');
      const began = Date.now();
      const { status, body } = await app.claim('p', 'agent-7', { lease_seconds: 30 });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        reason: 'claimed',
        task: { status: 'in_progress', claimed_by: 'agent-7', attempt: 1 },
        claim: { agent_id: 'agent-7', attempt: 1, token: expect.stringMatching(/^\d+\.[\w-]{16}$/) },
      });
      expect(body.claim.lease_expires_at).toBe(body.task?.lease_expires_at);
      const lease = Date.parse(body.claim.lease_expires_at) - began;
      expect(lease).toBeGreaterThan(29_000);
      expect(lease).toBeLessThan(60_000);
    });

    it('a task is not given before its time, and the answer says how long to wait', async () => {
      await app.add('p', { task_id: 'TASK-1', not_before: new Date(Date.now() + 100_000).toISOString() });
      await app.add('p', { task_id: 'TASK-2', not_before: FUTURE });
      const { body } = await app.claim('p', 'a');
      expect(body).toMatchObject({ success: true, task: null, reason: 'none_due', claim: null });
      expect(body.retry_after_seconds).toBeGreaterThan(60);
      expect(body.retry_after_seconds).toBeLessThanOrEqual(100);
      expect((await app.get('/tasks/next?project=p')).body.task).toBeNull();
      await moveClock(database, 101);
      expect((await app.claim('p', 'a')).body.task?.task_id).toBe('TASK-1');
    });

    it.each([
      ['1970-01-01T00:00:00.000Z', { reason: 'claimed' }],
      ['9999-12-31T23:59:59.999Z', { reason: 'none_due', retry_after_seconds: LONGEST_WAIT }],
    ])('a task keeps %s as the time before which it is not given', async (moment, expected) => {
      await app.add('p', { task_id: 'TASK-1', not_before: moment });
      expect((await app.get('/tasks/TASK-1?project=p')).body.task?.not_before).toBe(moment);
      const { status, body } = await app.claim('p', 'a');
      expect(status).toBe(200);
      expect(body).toMatchObject(expected);
    });

    it('a claim gives only tasks of the generator that it asks for', async () => {
      await app.add('p', 'TASK-1', { task_id: 'TASK-2', generator_name: 'hls' });
      expect((await app.claim('p', 'a', { generator_name: 'prd' })).body.reason).toBe('none_pending');
      expect((await app.claim('p', 'a', { generator_name: 'hls' })).body.task?.task_id).toBe('TASK-2');
    });

    it('a claim gives no task of another project and none in progress without a claim', async () => {
      await app.add('other', 'TASK-1');
      await app.add('p', { task_id: 'TASK-2', status: 'in_progress' });
      await moveClock(database, 100 * 24 * 3_600);
      expect((await app.claim('p', 'a')).body.reason).toBe('none_pending');
    });

    it('20 tasks go to 20 of 30 agents that claim at once, each to one', async () => {
      await app.add('p', ...times(20, (index) => `TASK-${index}`));
      const answers = await Promise.all(times(30, (index) => app.claim('p', `agent-${index}`)));
      const given = answers.flatMap(({ body }) => (body.task === null ? [] : [body.task.task_id]));
      expect(new Set(given).size).toBe(20);
      expect(given).toHaveLength(20);
      // none_due: it met others at work at each of its looks, and is to ask again in a second.
      for (const { body } of answers) expect(['claimed', 'all_claimed', 'none_due']).toContain(body.reason);
      const tokens = answers.flatMap(({ body }) => body.claim?.token ?? []);
      expect(new Set(tokens).size).toBe(20);
    });
  });

  describe('a repeated claim', () => {
    it('an agent that claims again gets its task with a new lease and the same token and attempt', async () => {
      await app.add('p', 'TASK-1', 'TASK-2');
      const first = (await app.claim('p', 'a')).body;
      await moveClock(database, 600);
      const { body } = await app.claim('p', 'a');
      expect(body).toMatchObject({ reason: 'continue_current', task: { task_id: 'TASK-1', attempt: 1 } });
      expect(body.claim.token).toBe(first.claim.token);
      const later = Date.parse(body.claim.lease_expires_at) - Date.parse(first.claim.lease_expires_at);
      expect(later).toBeGreaterThanOrEqual(600_000);
    });

    it('an agent gets as many tasks as its capacity, then its oldest again', async () => {
      await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
      const given: unknown[] = [];
      for (let claim = 0; claim < 3; claim += 1) {
        const { body } = await app.claim('p', 'a', { capacity: 2 });
        given.push([body.reason, body.task?.task_id]);
      }
      expect(given).toEqual([
        ['claimed', 'TASK-1'],
        ['claimed', 'TASK-2'],
        ['continue_current', 'TASK-1'],
      ]);
    });

    it('an agent gets one task, however often it claims at once', async () => {
      await app.add('p', ...times(10, (index) => `TASK-${index}`));
      const answers = await Promise.all(times(8, () => app.claim('p', 'a')));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
      expect(new Set(answers.map(({ body }) => body.claim.token)).size).toBe(1);
      expect(answers.filter(({ body }) => body.reason === 'claimed')).toHaveLength(1);
    });

    it.each([
      [40, 100],
      [40, 5],
    ])('%i claims of an agent at once get no more tasks than its capacity, %i', async (claims, capacity) => {
      await app.add('p', ...times(50, (index) => `TASK-${index}`));
      const answers = await Promise.all(times(claims, () => app.claim('p', 'a', { capacity })));
      expect(answers.map(({ status }) => status)).toEqual(Array(claims).fill(200));
      const most = Math.min(claims, capacity);
      expect(answers.filter(({ body }) => body.reason === 'claimed')).toHaveLength(most);
      expect(new Set(answers.map(({ body }) => body.claim.token)).size).toBe(most);
      const held = await database.query(`select task_id from tasks where claimed_by = 'a'`);
      expect(held).toHaveLength(most);
    });

    it('an agent that claims twice at once gets one task, even while a task of its own is given up', async () => {
      await app.add('p', { task_id: 'TASK-1', max_attempts: 1 }, 'TASK-2', 'TASK-3');
      await app.claim('p', 'a');
      await moveClock(database, LEASE + 1);
      const twice = () => Promise.all([app.claim('p', 'a'), app.claim('p', 'a')]);
      const { answer: answers } = await database.whileLocked('TASK-1', 2, twice);
      expect(answers.map(({ body }) => body.reason).sort()).toEqual(['claimed', 'continue_current']);
      expect(answers.map(({ body }) => body.task?.task_id)).toEqual(['TASK-2', 'TASK-2']);
    });

    it('a claim that waited for the agent’s other tasks dates its task after the wait', async () => {
      await app.add('p', 'TASK-1', 'TASK-2');
      await app.claim('p', 'a');
      const claim = () => app.claim('p', 'a', { capacity: 2 });
      const { answer, until } = await database.whileLocked('TASK-1', 1, claim);
      expect(answer.body.task?.task_id).toBe('TASK-2');
      expect(Date.parse(answer.body.task?.updated_at ?? '')).toBeGreaterThanOrEqual(until);
    });

    it('an agent with an expired lease gets the more urgent task that has come', async () => {
      await app.add('p', 'TASK-1');
      await app.claim('p', 'a');
      await app.add('p', { task_id: 'TASK-2', priority: 0 });
      await moveClock(database, LEASE + 1);
      expect((await app.claim('p', 'a')).body).toMatchObject({
        reason: 'claimed',
        task: { task_id: 'TASK-2' },
      });
      expect((await app.claim('p', 'b')).body).toMatchObject({
        reason: 'claimed',
        task: { task_id: 'TASK-1', attempt: 1, expiries: 1, last_error: 'The lease of a expired' },
      });
    });
  });

  describe('a claim that is held', () => {
    it('a heartbeat renews a lease at its length unless it asks for another', async () => {
      await app.add('p', 'TASK-1');
      const { token } = (await app.claim('p', 'a', { lease_seconds: 60 })).body.claim;
      const lease = async (body: Record<string, unknown>) => {
        const began = Date.now();
        const answer = await app.post('/tasks/TASK-1/heartbeat', { claim_token: token, ...body });
        expect(answer.body).toMatchObject({ success: true, claim: { token, agent_id: 'a', attempt: 1 } });
        return Math.round((Date.parse(answer.body.claim.lease_expires_at) - began) / 10_000);
      };
      expect(await lease({})).toBe(6);
      expect(await lease({ lease_seconds: 600 })).toBe(60);
      expect(await lease({})).toBe(60);
    });

    it('a live claim refuses requests without its token, with an older one and with a made-up one', async () => {
      await app.add('p', 'TASK-1');
      const old = (await app.claim('p', 'a')).body.claim.token;
      await moveClock(database, LEASE + 1);
      const { token, lease_expires_at } = (await app.claim('p', 'b')).body.claim;
      expect(generationOf(token)).toBeGreaterThan(generationOf(old));
      const before = await row('TASK-1');
      const madeUp = [generationOf(token), generationOf(token) + 1].map(tokenOf);
      for (const claim_token of [undefined, null, old, ...madeUp]) {
        const { status, body } = await app.move('p', 'TASK-1', { status: 'completed', claim_token });
        expect(status).toBe(409);
        expect(body).toMatchObject({
          code: 'claimed_by_other',
          details: {
            reason: 'claimed_by_other',
            status: 'in_progress',
            holder: { agent_id: 'b', lease_expires_at },
            hint: expect.stringContaining('/tasks/claim'),
          },
        });
        expect(Object.values(body.details)).not.toContain(token);
        expect(body.details['holder']).toEqual({ agent_id: 'b', lease_expires_at });
      }
      for (const call of ['heartbeat', 'release']) {
        const answer = await app.post(`/tasks/TASK-1/${call}`, { claim_token: old });
        expect([answer.status, answer.body.code]).toEqual([409, 'claimed_by_other']);
      }
      expect(await row('TASK-1')).toEqual(before);
      expect((await app.move('p', 'TASK-1', { status: 'completed', claim_token: token })).status).toBe(200);
    });

    it('a move that is sent again with its token answers with the task as it is', async () => {
      await app.add('p', 'TASK-1');
      const claim_token = (await app.claim('p', 'a')).body.claim.token;
      const done = { status: 'completed', completion_notes: 'done', claim_token };
      const first = await app.move('p', 'TASK-1', done);
      const before = await row('TASK-1');
      const again = await app.move('p', 'TASK-1', { ...done, completion_notes: 'again' });
      expect([again.status, again.body.updated_task]).toEqual([200, first.body.updated_task]);
      expect(await row('TASK-1')).toEqual(before);
      for (const other of [
        { claim_token: tokenOf(generationOf(claim_token)) },
        { status: 'failed' },
        { claim_token: null },
      ]) {
        const { status } = await app.move('p', 'TASK-1', { ...done, ...other });
        expect(status).toBeGreaterThanOrEqual(400);
      }
      expect(await row('TASK-1')).toEqual(before);
    });

    it('the token of an earlier move says nothing about the claim after it', async () => {
      await app.add('p', 'TASK-1');
      const { token } = (await app.claim('p', 'a')).body.claim;
      await app.move('p', 'TASK-1', { status: 'failed', claim_token: token, delay_seconds: 0 });
      await app.claim('p', 'b');
      const late = await app.move('p', 'TASK-1', { status: 'in_progress', claim_token: token });
      expect([late.status, late.body.code]).toEqual([409, 'claimed_by_other']);
    });

    it('a claim holds after its lease has expired until somebody else takes the task', async () => {
      await app.add('p', 'TASK-1', 'TASK-2');
      const one = (await app.claim('p', 'a')).body.claim.token;
      const two = (await app.claim('p', 'b')).body.claim.token;
      await moveClock(database, 10 * LEASE);
      expect((await app.post('/tasks/TASK-1/heartbeat', { claim_token: one })).status).toBe(200);
      expect((await app.move('p', 'TASK-2', { status: 'completed', claim_token: two })).status).toBe(200);
      expect((await app.claim('p', 'c')).body.reason).toBe('all_claimed');
    });

    it('a move by anybody after the lease ends the claim', async () => {
      await app.add('p', 'TASK-1');
      const { token } = (await app.claim('p', 'a')).body.claim;
      await moveClock(database, LEASE + 1);
      expect((await app.move('p', 'TASK-1', { status: 'pending', reset: true })).status).toBe(200);
      const { status, body } = await app.post('/tasks/TASK-1/heartbeat', { claim_token: token });
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'claim_lost',
        details: { reason: 'claim_lost', status: 'pending', holder: null, hint: expect.any(String) },
      });
      const late = await app.move('p', 'TASK-1', { status: 'in_progress', claim_token: token });
      expect([late.status, late.body.code]).toEqual([409, 'claim_lost']);
    });

    it('a forced move ends a live claim', async () => {
      await app.add('p', 'TASK-1');
      await app.claim('p', 'a');
      const { status, body } = await app.move('p', 'TASK-1', { status: 'cancelled', force: true });
      expect(status).toBe(200);
      expect(body.updated_task).toMatchObject({ status: 'cancelled', claimed_by: null });
    });

    it('a released task is due at once or after a delay, and the claim counts as no attempt', async () => {
      await app.add('p', { task_id: 'TASK-1', max_attempts: 1 });
      const release = async (more: Record<string, unknown>) => {
        const { token } = (await app.claim('p', 'a')).body.claim;
        return (await app.post('/tasks/TASK-1/release', { claim_token: token, ...more })).body.released_task;
      };
      expect(await release({ notes: 'Half done' })).toMatchObject({
        status: 'pending',
        attempt: 0,
        claimed_by: null,
        completion_notes: 'Half done',
        retry_at: null,
      });
      const { retry_at } = await release({ delay_seconds: 120 });
      expect(Date.parse(retry_at ?? '') - Date.now()).toBeGreaterThan(100_000);
      expect((await app.claim('p', 'b')).body.reason).toBe('none_due');
      await moveClock(database, 121);
      expect((await app.claim('p', 'b')).body.task?.task_id).toBe('TASK-1');
    });
  });

  describe('a failed attempt', () => {
    const fail = async (agent: string, more: Record<string, unknown> = {}) => {
      const { task, claim } = (await app.claim('p', agent)).body;
      const body = { status: 'failed', claim_token: claim.token, error: `no luck for ${agent}`, ...more };
      return (await app.move('p', task?.task_id ?? '', body)).body.updated_task;
    };

    it('a failed attempt makes the task pending after a doubling pause, the last one makes it failed', async () => {
      await app.add('p', 'TASK-1');
      for (const [attempt, pause] of [
        [1, 60],
        [2, 120],
      ] as const) {
        const task = await fail('a');
        expect(task).toMatchObject({ status: 'pending', attempt, last_error: 'no luck for a' });
        const waits = (Date.parse(task.retry_at ?? '') - Date.parse(task.updated_at)) / 1_000;
        expect(waits).toBeLessThanOrEqual(pause);
        expect(waits).toBeGreaterThanOrEqual(pause * 0.8);
        expect((await app.claim('p', 'a')).body.reason).toBe('none_due');
        await moveClock(database, attempt * 121);
      }
      expect(await fail('b')).toMatchObject({
        status: 'failed',
        attempt: 3,
        retry_at: null,
        last_error: 'no luck for b',
      });
      expect((await app.claim('p', 'a')).body.reason).toBe('none_pending');
      const again = (await app.move('p', 'TASK-1', { status: 'pending', reset: true })).body.updated_task;
      expect(again).toMatchObject({ attempt: 0, last_error: null });
      expect((await app.claim('p', 'a')).body.reason).toBe('claimed');
    });

    it('a failed task waits an hour at most, or as long as the request says', async () => {
      await app.add('p', { task_id: 'TASK-1', max_attempts: 100 });
      await database.query('update tasks set attempt = 98');
      const { retry_at, updated_at } = await fail('a');
      const waits = (Date.parse(retry_at ?? '') - Date.parse(updated_at)) / 1_000;
      expect(waits).toBeLessThanOrEqual(3_600);
      expect(waits).toBeGreaterThanOrEqual(2_880);
      await database.query('update tasks set attempt = 3, retry_at = null');
      expect(await fail('a', { delay_seconds: 0 })).toMatchObject({ status: 'pending' });
      expect((await app.claim('p', 'a')).body.reason).toBe('claimed');
    });

    it('a failure without a claim is final', async () => {
      await app.add('p', { task_id: 'TASK-1', status: 'in_progress' });
      const { body } = await app.move('p', 'TASK-1', { status: 'failed', error: 'by hand' });
      expect(body.updated_task).toMatchObject({ status: 'failed', attempt: 0, last_error: 'by hand' });
    });

    it.each([{ max_attempts: 2 }, { max_attempts: 5, max_expiries: 2 }])(
      'an expired lease is no failed attempt, and the last that may expire leaves the task failed: %o',
      async (bounds) => {
        await app.add('p', { task_id: 'TASK-1', ...bounds });
        await app.claim('p', 'a');
        await moveClock(database, LEASE + 1);
        expect((await app.claim('p', 'b')).body.task).toMatchObject({ attempt: 1, expiries: 1 });
        await moveClock(database, 2 * LEASE + 2);
        expect((await app.claim('p', 'c')).body.reason).toBe('none_pending');
        expect(await row('TASK-1')).toMatchObject({
          status: 'failed',
          attempt: 1,
          expiries: 2,
          claimed_by: null,
          last_error: 'The lease of b expired',
        });
      },
    );
  });
});
