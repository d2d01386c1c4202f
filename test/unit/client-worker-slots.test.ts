import { describe, expect, it } from 'vitest';
import { tokenOf } from '../support/claim-token.ts';
import { claimed, lostConnection, refusedWith, workerOver } from '../support/fake-worker-client.ts';
import { heldHandler } from '../support/held-handler.ts';

const IDLE = { success: true, task: null, claim: null, reason: 'none_pending' };
const OWN = { task_id: 'A-1', project: 'p', claim_token: tokenOf(7) };

describe('the slots of a worker', () => {
  it('each slot claims as an agent of its own, the first under the plain name', async () => {
    const { calls, worker, timers } = workerOver({}, { concurrency: 3 });
    await timers.settle();
    expect(calls.map(([, input]) => input['agent_id'])).toEqual(['a', 'a/2', 'a/3']);
    await worker.stop();
  });

  it('as many tasks are under way as there are slots', async () => {
    const { handler, signals, finish } = heldHandler();
    const { worker, timers } = workerOver({ claim: [claimed('A-1')] }, { concurrency: 2, handler });
    await timers.settle();
    expect(signals).toHaveLength(2);
    finish();
    await timers.settle();
    expect(signals).toHaveLength(3);
    finish();
    finish();
    const stopped = worker.stop();
    await timers.settle();
    finish();
    await stopped;
  });

  it('while there is nothing to do one slot asks for all, and a task wakes the others', async () => {
    const { handler } = heldHandler();
    const replies = { claim: [IDLE, IDLE, IDLE, IDLE, claimed('A-1'), IDLE] };
    const options = { concurrency: 3, handler, graceSeconds: 0, waitSeconds: 0 };
    const { count, worker, timers } = workerOver(replies, options);
    await timers.settle();
    expect(count('claim')).toBe(3);
    await timers.pass(15_000);
    expect(count('claim')).toBe(4);
    await timers.pass(15_000);
    expect(count('claim')).toBe(7);
    void worker.stop();
    await timers.pass(10_000);
    await worker.finished;
  });

  it('a slot that has finished a task asks for another while the others have nothing to do', async () => {
    const { handler, finish } = heldHandler();
    const replies = { claim: [claimed('A-1'), IDLE, claimed('A-2'), IDLE] };
    const { calls, worker, timers } = workerOver(replies, { concurrency: 2, handler });
    await timers.settle();
    finish();
    await timers.settle();
    expect(calls.map(([operation]) => operation)).toEqual(['claim', 'claim', 'move', 'claim', 'claim']);
    finish();
    await worker.stop();
  });

  it('a task whose report is refused is not begun again at once', async () => {
    const refusals = [refusedWith('insufficient_scope', 403)];
    const { count, errors, worker, timers } = workerOver({ claim: [claimed('A-1')], move: refusals });
    await timers.pass(14_999);
    expect([count('claim'), errors]).toEqual([1, refusals]);
    await timers.pass(1);
    expect(count('claim')).toBe(2);
    await worker.stop();
  });

  it.each([0, -1, 1.5, Number.NaN])('%d slots are refused at once', (concurrency) => {
    expect(() => workerOver({}, { concurrency })).toThrow(RangeError);
  });
});

describe('the end of a worker', () => {
  const begin = (options: Parameters<typeof workerOver>[1] = {}) => {
    const held = heldHandler();
    const { handler } = held;
    return { ...held, ...workerOver({ claim: [claimed('A-1')] }, { handler, ...options }) };
  };

  it('a worker that is told to stop while it waits ends at once', async () => {
    const { worker, timers } = workerOver({});
    await timers.settle();
    await worker.stop();
    expect(timers.running()).toEqual([]);
  });

  it('a worker that is told to stop while it asks ends with the answer', async () => {
    const answer = Promise.withResolvers<unknown>();
    const { timers, worker } = workerOver({ claim: [answer.promise] });
    await timers.settle();
    const stopped = worker.stop();
    answer.resolve(IDLE);
    await stopped;
    expect(timers.running()).toEqual([]);
  });

  it('a slot whose claims are refused ends the others too', async () => {
    const replies = { claim: [refusedWith('project_forbidden', 403), IDLE] };
    const { timers, worker } = workerOver(replies, { concurrency: 2 });
    await expect(worker.finished).rejects.toMatchObject({ code: 'project_forbidden' });
    expect(timers.running()).toEqual([]);
  });

  it('a task under way is finished, and no other is begun', async () => {
    const { calls, finish, timers, worker } = begin();
    await timers.settle();
    const stopped = worker.stop();
    await timers.pass(19_999);
    finish('done');
    await stopped;
    expect(calls.map(([operation]) => operation)).toEqual(['claim', 'move']);
    expect(timers.running()).toEqual([]);
  });

  it('a task that was claimed but not begun is given back', async () => {
    const answer = Promise.withResolvers<unknown>();
    const { handler, signals } = heldHandler();
    const { calls, timers, worker } = workerOver({ claim: [answer.promise] }, { handler });
    await timers.settle();
    const stopped = worker.stop();
    answer.resolve(claimed('A-1'));
    await stopped;
    expect(signals).toHaveLength(0);
    expect(calls[1]?.slice(0, 2)).toEqual(['release', OWN]);
  });

  it('a task whose handler ends because the grace is over is given back', async () => {
    const { calls, fail, signals, timers, worker } = begin({ graceSeconds: 3 });
    await timers.settle();
    const stopped = worker.stop();
    await timers.pass(2_999);
    expect(signals[0]?.aborted).toBe(false);
    await timers.pass(1);
    expect(signals[0]?.reason).toMatchObject({ code: 'worker_stopped' });
    fail(signals[0]?.reason);
    await stopped;
    expect(calls[1]?.slice(0, 2)).toEqual(['release', OWN]);
  });

  it('a handler that does not heed its signal is left after five seconds, and its task given back', async () => {
    const { calls, timers, worker } = begin({ graceSeconds: 3 });
    await timers.settle();
    const stopped = worker.stop();
    await timers.pass(7_999);
    expect(calls.map(([operation]) => operation)).toEqual(['claim']);
    await timers.pass(1);
    await stopped;
    expect(calls[1]?.slice(0, 2)).toEqual(['release', OWN]);
  });

  it('a second stop does not prolong the grace', async () => {
    const { fail, signals, timers, worker } = begin({ graceSeconds: 3 });
    await timers.settle();
    void worker.stop();
    await timers.pass(2_000);
    const stopped = worker.stop();
    await timers.pass(1_000);
    expect(signals[0]?.aborted).toBe(true);
    fail(signals[0]?.reason);
    await stopped;
  });

  it('a completion that gets no answer is repeated until the grace is over', async () => {
    const replies = { claim: [claimed('A-1')], move: [lostConnection()] };
    const { count, errors, timers, worker } = workerOver(replies, { graceSeconds: 1 });
    await timers.pass(100);
    const stopped = worker.stop();
    await timers.pass(999);
    expect([count('move'), errors]).toEqual([3, []]);
    await timers.pass(1);
    await stopped;
    expect([count('move'), errors]).toEqual([3, [lostConnection()]]);
    expect(timers.running()).toEqual([]);
  });

  it('a completion that gets no answer after the grace is not repeated', async () => {
    const { handler, finish } = heldHandler();
    const replies = { claim: [claimed('A-1')], move: [lostConnection()] };
    const { count, timers, worker } = workerOver(replies, { handler, graceSeconds: 1 });
    await timers.settle();
    const stopped = worker.stop();
    await timers.pass(1_000);
    finish('late');
    await stopped;
    expect(count('move')).toBe(1);
    expect(timers.asked.filter((duration) => duration === 200)).toEqual([]);
  });

  it('a task that cannot be given back is told of', async () => {
    const replies = { claim: [claimed('A-1')], release: [refusedWith('claim_lost')] };
    const { handler, fail } = heldHandler();
    const { errors, timers, worker } = workerOver(replies, { handler, graceSeconds: 0 });
    await timers.settle();
    const stopped = worker.stop();
    await timers.pass(1);
    fail('stopped');
    await stopped;
    expect(errors).toEqual([refusedWith('claim_lost')]);
  });

  it('a signal stops the worker, even one that has fired already', async () => {
    const controller = new AbortController();
    const { timers, worker } = workerOver({}, { signal: controller.signal });
    await timers.settle();
    controller.abort();
    await worker.finished;
    const late = workerOver({}, { signal: controller.signal });
    await late.worker.finished;
    expect(late.calls).toEqual([]);
  });

  it('SIGTERM and SIGINT stop the worker, which then leaves them to the process again', async () => {
    const counts = () => ['SIGTERM', 'SIGINT'].map((name) => process.listenerCount(name));
    const before = counts();
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      const { worker, timers } = workerOver({}, { stopOn: ['SIGTERM', 'SIGINT'] });
      await timers.settle();
      expect(counts()).toEqual(before.map((count) => count + 1));
      process.listeners(name).at(-1)?.(name);
      await worker.finished;
      expect(counts()).toEqual(before);
    }
  });
});
