import { describe, expect, it } from 'vitest';
import { tokenOf } from '../support/claim-token.ts';
import { claimed, lostConnection, refusedWith, workerOver } from '../support/fake-worker-client.ts';
import { heldHandler } from '../support/held-handler.ts';

const IDLE = { success: true, task: null, claim: null, reason: 'none_pending' };
const OWN = { task_id: 'A-1', project: 'p', claim_token: tokenOf(7) };

/** A worker whose claims are answered as the test says, one by one. */
function begin(options: Parameters<typeof workerOver>[1] = {}, first: unknown[] = [IDLE]) {
  const answers = Array.from({ length: 4 }, () => Promise.withResolvers<unknown>());
  const held = heldHandler();
  const { handler } = held;
  const claim = [...first, ...answers.map(({ promise }) => promise)];
  const over = workerOver({ claim }, { handler, graceSeconds: 0, ...options });
  const waits = () =>
    over.calls.flatMap(([name, input]) => (name === 'claim' ? [input['wait_seconds']] : []));
  /** Stops the worker; what it still asks for, it does not get. */
  const stop = () => {
    const stopped = over.worker.stop();
    for (const { resolve } of answers) resolve(IDLE);
    return stopped;
  };
  return { ...held, ...over, answers, waits, stop };
}

describe('a worker with nothing to do', () => {
  it('a worker with nothing to do has the service wait for a task, and does it when it comes', async () => {
    const { answers, signals, timers, waits, worker, finish } = begin();
    await timers.pass(0);
    expect(waits()).toEqual([undefined, 30]);
    await timers.pass(29_000);
    answers[0]?.resolve(claimed('A-1'));
    await timers.settle();
    expect(signals).toHaveLength(1);
    const stopped = worker.stop();
    finish();
    await stopped;
  });

  it('a worker asks again at once when the service has waited in vain', async () => {
    const { answers, stop, timers, waits } = begin();
    await timers.pass(30_000);
    answers[0]?.resolve(IDLE);
    await timers.pass(0);
    expect(waits()).toEqual([undefined, 30, 30]);
    await stop();
  });

  it('a worker pauses where the service answers at once although it was asked to wait', async () => {
    const { stop, timers, waits } = begin({}, Array(5).fill(IDLE));
    await timers.pass(14_999);
    expect(waits()).toEqual([undefined, 30]);
    await timers.pass(1);
    expect(waits()).toEqual([undefined, 30, 30]);
    await stop();
  });

  it('one slot waits for all, and its task wakes the others', async () => {
    const { answers, timers, waits, worker } = begin({ concurrency: 3 }, [IDLE, IDLE, IDLE]);
    await timers.pass(10_000);
    expect(waits()).toEqual([undefined, undefined, undefined, 30]);
    answers[0]?.resolve(claimed('A-1'));
    await timers.settle();
    expect(waits().slice(4)).toEqual([undefined, undefined]);
    const stopped = worker.stop();
    answers[1]?.resolve(IDLE);
    answers[2]?.resolve(IDLE);
    await timers.pass(5_000);
    await stopped;
  });

  it('a slot that has finished its task leaves the waiting to the one that waits already', async () => {
    const { answers, finish, stop, timers, waits } = begin({ concurrency: 2 }, [IDLE, claimed('A-1')]);
    await timers.settle();
    // The claim of the second slot gave a task, so the first asked again.
    answers[0]?.resolve(IDLE);
    await timers.pass(0);
    expect(waits()).toEqual([undefined, undefined, undefined, 30]);
    finish();
    await timers.settle();
    answers[2]?.resolve(IDLE);
    await timers.pass(10_000);
    expect(waits()).toEqual([undefined, undefined, undefined, 30, undefined]);
    await stop();
  });

  it('a worker that is to end when none is pending does not wait', async () => {
    const { waits, worker } = begin({ untilNonePending: true });
    await worker.finished;
    expect(waits()).toEqual([undefined]);
  });

  it('a wait whose answer is lost is begun again after a pause', async () => {
    const { answers, errors, stop, timers, waits } = begin();
    await timers.pass(0);
    answers[0]?.resolve(lostConnection());
    await timers.pass(200);
    expect([waits(), errors]).toEqual([[undefined, 30, 30], [lostConnection()]]);
    await stop();
  });
});

describe('a worker that is told to stop while the service waits', () => {
  it('the wait is ended at once, and another claim gets what it may have been given', async () => {
    const { answers, calls, signals, timers, waits, worker } = begin();
    await timers.pass(0);
    const stopped = worker.stop();
    await timers.settle();
    expect(waits()).toEqual([undefined, 30, undefined]);
    answers[1]?.resolve(claimed('A-1'));
    await stopped;
    expect(signals).toHaveLength(0);
    expect(calls.at(-1)?.slice(0, 2)).toEqual(['release', OWN]);
    expect(timers.running()).toEqual([]);
  });

  it('a worker ends where that claim gets nothing', async () => {
    const { answers, errors, timers, worker } = begin();
    await timers.pass(0);
    const stopped = worker.stop();
    answers[1]?.resolve(IDLE);
    await stopped;
    expect([errors, timers.running()]).toEqual([[], []]);
  });

  it('a worker whose wait is refused ends with the refusal', async () => {
    const { answers, timers, worker } = begin();
    await timers.pass(0);
    answers[0]?.resolve(refusedWith('invalid_credential', 401));
    await expect(worker.finished).rejects.toMatchObject({ code: 'invalid_credential' });
  });
});
