import type { Client } from '../index.ts';
import type { Claim, Task } from '../schema.ts';
import { type Claimed, Lease, type LeaseOptions, saysEnded, type Told } from './lease.ts';
import { type Outcome, type ReportOptions, report } from './report.ts';
import type { Shutdown } from './shutdown.ts';

export interface JobContext {
  /** Fires when the claim is lost, or when the worker stops and cannot wait any longer. */
  readonly signal: AbortSignal;
  readonly claim: Claim;
  /** What an earlier attempt left to go on from; undefined where there is nothing. */
  readonly checkpoint: unknown;
  /**
   * Tells how far the task is, what it has used, and what the next attempt is to go on from, should this one end early.
   * Rejects where the service cannot be reached or the claim is lost.
   */
  readonly report: (told: Told) => Promise<void>;
}

/**
 * Does a task. A text that it resolves with becomes the completion notes, anything else but null and undefined the result;
 * what it rejects with becomes the error of the attempt.
 */
export type Handler = (task: Task, context: JobContext) => unknown;

export interface JobOptions
  extends Omit<LeaseOptions, 'client' | 'onError'>,
    Omit<ReportOptions, 'client' | 'signal'> {
  readonly client: Pick<Client, 'heartbeatClaim' | 'updateTaskStatus' | 'releaseClaim'>;
  readonly handler: Handler;
  readonly shutdown: Shutdown;
  readonly onError: (error: unknown, task?: Task) => void;
}

/**
 * Has the handler do a claimed task, and tells the service what came of it; never rejects. Resolves with whether the
 * claim has ended: the agent would be given one that has not again at once.
 */
export async function runJob(claimed: Claimed, options: JobOptions): Promise<boolean> {
  const onError = (error: unknown) => options.onError(error, claimed.task);
  const lease = new Lease(claimed, { ...options, onError });
  try {
    const outcome = await outcomeOf(claimed, lease, options);
    if (lease.lost.aborted) onError(lease.lost.reason);
    // After a refusal nothing more can be said; after an expiry the token still holds until somebody else claims.
    if (outcome === undefined || saysEnded(lease.lost.reason)) return true;
    const signal = AbortSignal.any([lease.lost, options.shutdown.hurry]);
    await report(claimed, outcome, { ...options, signal });
    return true;
  } catch (error) {
    onError(error);
    return saysEnded(error);
  } finally {
    lease.end();
  }
}

/** Gives back a task that was not begun; never rejects. */
export async function giveBack(claimed: Claimed, options: JobOptions): Promise<void> {
  try {
    await report(claimed, { kind: 'given_back' }, { ...options, signal: options.shutdown.hurry });
  } catch (error) {
    options.onError(error, claimed.task);
  }
}

/** Undefined if there is nothing to tell. */
async function outcomeOf(
  { task, claim, checkpoint }: Claimed,
  lease: Lease,
  { handler, shutdown }: JobOptions,
): Promise<Outcome | undefined> {
  const { lost } = lease;
  const signal = AbortSignal.any([lost, shutdown.hurry]);
  const context = { signal, claim, checkpoint, report: (told: Told) => lease.tell(told) };
  const handle = async (): Promise<Outcome | undefined> => {
    try {
      return completed(await handler(task, context));
    } catch (error) {
      if (lost.aborted) return undefined;
      return shutdown.hurry.aborted ? { kind: 'given_back' } : { kind: 'failed', error };
    }
  };
  return Promise.race([handle(), givenBackWhen(shutdown.over)]);
}

function completed(made: unknown): Outcome {
  if (typeof made === 'string') return { kind: 'completed', notes: made, result: null };
  return { kind: 'completed', notes: null, result: made ?? null };
}

/** A handler that does not heed its signal is not waited for. */
function givenBackWhen(over: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    over.addEventListener('abort', () => resolve({ kind: 'given_back' }), { once: true });
  });
}
