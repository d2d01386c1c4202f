import { describe, expect, it } from 'vitest';
import { tokenOf } from '../support/claim-token.ts';
import { claimed, lostConnection, refusedWith, workerOver } from '../support/fake-worker-client.ts';
import { heldHandler } from '../support/held-handler.ts';

const IDLE = { success: true, task: null, claim: null, reason: 'none_pending' };
const MINUTE = 60_000;
const OWN = { task_id: 'A-1', project: 'p', claim_token: tokenOf(7) };

describe('what the worker makes of a task', () => {
  it('a claim names the project, the agent, the lease and the generator', async () => {
    const { calls, retries, worker, timers } = workerOver({}, { leaseSeconds: 60, generatorName: 'prd' });
    await timers.settle();
    const input = { project_id: 'p', agent_id: 'a', lease_seconds: 60, generator_name: 'prd' };
    expect(calls).toEqual([['claim', input]]);
    expect(retries).toEqual([0]);
    await worker.stop();
  });

  it.each([
    ['a text', 'PRD-006 v1', { completion_notes: 'PRD-006 v1' }],
    ['nothing', undefined, { completion_notes: null }],
    ['null', null, { completion_notes: null }],
    ['an object', { passed: 26 }, { completion_notes: null, result: { passed: 26 } }],
  ])('%s that the handler resolves with completes the task', async (_, result, made) => {
    const { calls, worker, timers } = workerOver(
      { claim: [claimed('A-1'), IDLE] },
      { handler: () => result },
    );
    await timers.settle();
    expect(calls[1]?.slice(0, 2)).toEqual(['move', { ...OWN, status: 'completed', ...made }]);
    await worker.stop();
  });

  it('a handler gets the checkpoint of an earlier attempt and tells how far it is', async () => {
    const told = { progress: { percent: 40 }, checkpoint: { chapter: 4 } };
    const seen: unknown[] = [];
    const { calls, worker, timers } = workerOver(
      { claim: [{ ...claimed('A-1'), checkpoint: { chapter: 3 } }, IDLE] },
      {
        handler: async (_task, { checkpoint, report }) => {
          seen.push(checkpoint);
          await report(told);
        },
      },
    );
    await timers.settle();
    expect(seen).toEqual([{ chapter: 3 }]);
    expect(calls[1]).toEqual(['heartbeat', { ...OWN, ...told }]);
    expect(calls[2]?.[0]).toBe('move');
    await worker.stop();
  });

  it.each([
    ['cancelled', 'claim_lost'],
    ['run_over', 'run_over'],
  ])('a handler whose heartbeat is answered to stop (%s) hears so by its signal', async (reason, code) => {
    const held = heldHandler();
    const { calls, errors, worker, timers } = workerOver(
      {
        claim: [claimed('A-1'), IDLE],
        heartbeat: [{ success: true, task: {}, claim: null, continue: false, reason }],
      },
      { handler: held.handler, leaseSeconds: 60 },
    );
    await timers.pass(20_000);
    expect(held.signals[0]?.aborted).toBe(true);
    held.fail(held.signals[0]?.reason);
    await timers.settle();
    expect(errors).toMatchObject([{ code }]);
    expect(calls.filter(([operation]) => operation === 'move')).toEqual([]);
    await worker.stop();
  });

  it.each([
    ['an error', new Error('no disk'), 'no disk'],
    ['a text', 'no disk', 'no disk'],
    ['an error without a message', new Error(''), 'Error'],
    ['characters that the service refuses', new Error('a\0b\uD800'), 'a\uFFFDb\uFFFD'],
    ['nothing at all', '', 'The handler failed without a message'],
    ['a message over the limit', new Error('x'.repeat(10_001)), `${'x'.repeat(9_993)}… (cut)`],
  ])('%s that the handler throws fails the attempt', async (_, reason, error) => {
    const handler = () => Promise.reject(reason);
    const { calls, worker, timers } = workerOver({ claim: [claimed('A-1'), IDLE] }, { handler });
    await timers.settle();
    expect(calls[1]?.slice(0, 2)).toEqual(['move', { ...OWN, status: 'failed', error }]);
    await worker.stop();
  });

  it('a completion whose answer is lost is repeated with the same key', async () => {
    const { calls, worker, timers } = workerOver({
      claim: [claimed('A-1'), IDLE],
      move: [lostConnection(), {}],
    });
    await timers.pass(200);
    const moves = calls.filter(([operation]) => operation === 'move');
    expect(moves).toHaveLength(2);
    expect(moves[0]?.[2]).toMatch(/^[0-9a-f]{32}$/);
    expect(moves[1]).toEqual(moves[0]);
    await worker.stop();
  });

  it('notes that the service refuses fail the attempt', async () => {
    const replies = { claim: [claimed('A-1'), IDLE], move: [refusedWith('validation_error', 400), {}] };
    const { calls, worker, timers } = workerOver(replies);
    await timers.settle();
    const error = 'The result was refused: It is validation_error';
    expect(calls[2]?.slice(0, 2)).toEqual(['move', { ...OWN, status: 'failed', error }]);
    await worker.stop();
  });

  it('a completion of a claim that has ended is left at that, and told', async () => {
    const replies = { claim: [claimed('A-1'), IDLE], move: [refusedWith('claimed_by_other')] };
    const { count, errors, worker, timers } = workerOver(replies);
    await timers.settle();
    expect(count('move')).toBe(1);
    expect(errors).toEqual([refusedWith('claimed_by_other')]);
    await worker.stop();
  });
});

describe('the lease of a worker', () => {
  const begin = (heartbeat: unknown[] = []) => {
    const held = heldHandler();
    const { handler } = held;
    const over = workerOver({ claim: [claimed('A-1'), IDLE], heartbeat }, { handler, leaseSeconds: 90 });
    return { ...held, ...over };
  };

  it('a lease is renewed after each third of it while the handler runs', async () => {
    const { calls, count, finish, signals, timers, worker } = begin();
    await timers.pass(29_999);
    expect(count('heartbeat')).toBe(0);
    await timers.pass(1);
    expect(calls[1]).toEqual(['heartbeat', OWN]);
    await timers.pass(10 * MINUTE);
    expect(count('heartbeat')).toBe(21);
    expect(signals[0]?.aborted).toBe(false);
    finish();
    await timers.settle();
    await timers.pass(10 * MINUTE);
    expect(count('heartbeat')).toBe(21);
    await worker.stop();
  });

  it.each(['claim_lost', 'claimed_by_other', 'task_not_found', 'invalid_transition'])(
    'a renewal refused with %s fires the signal, and nothing more is said of the task',
    async (code) => {
      const { calls, errors, fail, signals, timers, worker } = begin([refusedWith(code)]);
      await timers.pass(30_000);
      expect(signals[0]?.reason).toMatchObject({ code });
      fail(signals[0]?.reason);
      await timers.pass(1);
      expect(calls.map(([operation]) => operation)).toEqual(['claim', 'heartbeat', 'claim', 'claim']);
      expect(errors).toEqual([refusedWith(code)]);
      await worker.stop();
    },
  );

  it('a handler that ends well after its claim was refused is not reported', async () => {
    const { count, finish, timers, worker } = begin([refusedWith('claim_lost')]);
    await timers.pass(30_000);
    finish('done');
    await timers.pass(1);
    expect(count('move')).toBe(0);
    await worker.stop();
  });

  it('a lease counts from when its claim was sent', async () => {
    const answer = Promise.withResolvers<unknown>();
    const { handler, signals, finish } = heldHandler();
    const replies = { claim: [answer.promise, IDLE], heartbeat: [lostConnection()] };
    const { timers, worker } = workerOver(replies, { handler, leaseSeconds: 90 });
    await timers.pass(14_000);
    answer.resolve(claimed('A-1'));
    await timers.pass(75_999);
    expect(signals[0]?.aborted).toBe(false);
    await timers.pass(1);
    expect(signals[0]?.reason).toMatchObject({ code: 'lease_expired' });
    finish();
    await worker.stop();
  });

  it('a renewal that fails is tried again after a thirtieth of the lease', async () => {
    const { count, errors, finish, signals, timers, worker } = begin([lostConnection(), {}]);
    await timers.pass(33_000);
    expect(count('heartbeat')).toBe(2);
    expect(errors).toEqual([lostConnection()]);
    await timers.pass(59_999);
    expect(signals[0]?.aborted).toBe(false);
    finish();
    await worker.stop();
  });

  it('a lease that cannot be renewed fires the signal when it is over', async () => {
    const { signals, timers, worker, finish } = begin([lostConnection()]);
    await timers.pass(89_999);
    expect(signals[0]?.aborted).toBe(false);
    await timers.pass(1);
    expect(signals[0]?.reason).toMatchObject({ code: 'lease_expired' });
    finish();
    await worker.stop();
  });

  it('a handler that ends well after its lease is completed all the same, once', async () => {
    const { count, timers, worker, finish } = begin([lostConnection()]);
    await timers.pass(100_000);
    finish('late');
    await timers.pass(1);
    expect(count('move')).toBe(1);
    await worker.stop();
  });

  it('a handler that fails after its lease is not reported', async () => {
    const { count, timers, worker, fail } = begin([lostConnection()]);
    await timers.pass(100_000);
    fail(new Error('aborted'));
    await timers.pass(1);
    expect(count('move')).toBe(0);
    await worker.stop();
  });
});

describe('the pauses of a worker', () => {
  const none = (reason: string, retry_after_seconds?: number) => ({
    ...IDLE,
    reason,
    ...(retry_after_seconds === undefined ? {} : { retry_after_seconds }),
  });

  it.each([
    ['as long as the service says', none('none_due', 4), 4_000],
    ['15 seconds at most', none('all_claimed', 900), 15_000],
    ['15 seconds when none is pending', none('none_pending'), 15_000],
  ])('a worker over a service that does not wait pauses %s', async (_, reply, pause) => {
    const { count, timers, worker } = workerOver({ claim: [reply] }, { waitSeconds: 0 });
    await timers.pass(pause - 1);
    expect(count('claim')).toBe(1);
    await timers.pass(1);
    expect(count('claim')).toBe(2);
    await worker.stop();
  });

  it('chance takes off up to a tenth of a pause', async () => {
    const { timers, worker } = workerOver({}, { random: () => 0.5, idleSeconds: 100, waitSeconds: 0 });
    await timers.settle();
    expect(timers.running()).toEqual([95_000]);
    await worker.stop();
  });

  it('a worker whose claims get no answer asks again after growing pauses', async () => {
    const { errors, timers, worker } = workerOver({ claim: [lostConnection()] });
    await timers.pass(MINUTE);
    expect(timers.asked.slice(0, 7)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000]);
    expect(errors[0]).toEqual(lostConnection());
    await worker.stop();
  });

  it('an answer makes the pauses after lost ones short again', async () => {
    const { timers, worker } = workerOver({
      claim: [lostConnection(), lostConnection(), IDLE, lostConnection()],
    });
    await timers.pass(15_600);
    expect(timers.asked).toEqual([200, 400, 15_000, 200]);
    await worker.stop();
  });

  it('a worker whose claims are refused ends with the refusal', async () => {
    const { worker, timers } = workerOver({ claim: [refusedWith('invalid_credential', 401)] });
    await expect(worker.finished).rejects.toMatchObject({ code: 'invalid_credential' });
    expect(timers.running()).toEqual([]);
  });

  it.each([IDLE, { ...IDLE, reason: 'all_blocked' }])(
    'a worker that is to end when none is pending does so: $reason',
    async (left) => {
      const { worker, count } = workerOver(
        { claim: [claimed('A-1'), claimed('A-2'), left] },
        { concurrency: 2, untilNonePending: true },
      );
      await worker.finished;
      expect(count('move')).toBe(2);
    },
  );
});
