import { type CallOptions, TaskTrackerError } from '../../client/index.ts';
import type { ClaimAnswer, Task } from '../../client/schema.ts';
import { type WorkOptions, work } from '../../client/worker.ts';
import { tokenOf } from './claim-token.ts';
import { manualTimers } from './manual-timers.ts';

/** A call as the worker made it: the operation, its input, and the key if there was one. */
export type Call = readonly [operation: string, input: Record<string, unknown>, ...key: string[]];

/** Gives, for each operation, one reply after another, and the last one for ever; an error is thrown. */
export type Replies = Partial<Record<'claim' | 'heartbeat' | 'move' | 'release', unknown[]>>;

const IDLE = { success: true, task: null, claim: null, reason: 'none_pending' };

/** The claim of a task that has the token of generation 7. */
export function claimed(task_id: string): ClaimAnswer {
  // The worker reads nothing else of a task.
  const task = { task_id, project_id: 'p' } as Task;
  const claim = {
    agent_id: 'a',
    token: tokenOf(7),
    attempt: 1,
    lease_expires_at: '2026-01-01T00:15:00.000Z',
  };
  return { success: true, task, claim, reason: 'claimed' };
}

export const refusedWith = (code: string, status = 409) =>
  new TaskTrackerError(`It is ${code}`, { code, status });

export const lostConnection = () => new TaskTrackerError('It is lost', { code: 'connection_failed' });

/** What a call comes to whose signal may fire before its reply. */
function unlessAborted(reply: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  const aborted = new Promise((resolve) => {
    const end = () => resolve(new TaskTrackerError('It was aborted', { code: 'aborted' }));
    signal?.addEventListener('abort', end);
  });
  return Promise.race([reply, aborted]);
}

/** A worker over a service that gives these replies, on a clock that the test moves; chance takes nothing off. */
export function workerOver(replies: Replies, options: Partial<WorkOptions> = {}) {
  const calls: Call[] = [];
  const retries: (number | undefined)[] = [];
  const errors: unknown[] = [];
  const timers = manualTimers();
  const answering = (operation: keyof Replies, standard: unknown) => {
    const left = [...(replies[operation] ?? [])];
    const next = () => (left.length > 1 ? left.shift() : (left[0] ?? standard));
    return async (input: object, call?: CallOptions) => {
      retries.push(call?.retries);
      const key = call?.idempotencyKey === undefined ? [] : [call.idempotencyKey];
      calls.push([operation, { ...input }, ...key]);
      const reply = await unlessAborted(next(), call?.signal);
      if (reply instanceof Error) throw reply;
      // The worker reads what it asks for, and the test says what that is.
      return reply as never;
    };
  };
  const client = {
    claimTask: answering('claim', IDLE),
    heartbeatClaim: answering('heartbeat', { success: true }),
    updateTaskStatus: answering('move', { success: true }),
    releaseClaim: answering('release', { success: true }),
  };
  const worker = work(client, {
    project: 'p',
    agentId: 'a',
    handler: () => undefined,
    stopOn: [],
    onError: (error) => errors.push(error),
    clock: timers.clock,
    random: () => 0,
    ...options,
  });
  return {
    worker,
    calls,
    /** Those that the worker asked the client for, by call. */
    retries,
    errors,
    timers,
    count: (operation: string) => calls.filter(([name]) => name === operation).length,
  };
}
