import type { Client } from '../index.ts';
import type { Claim, Task } from '../schema.ts';
import { type Claimed, Lease, type LeaseOptions, saysEnded } from './lease.ts';
import { type Outcome, type ReportOptions, report } from './report.ts';
import type { Shutdown } from './shutdown.ts';

export interface JobContext {
  /** Fires when the claim is lost, or when the worker stops and cannot wait any longer. */
  readonly signal: AbortSignal;
  readonly claim: Claim;
}

/**
 * Does a task. A text that it resolves with becomes the completion notes, anything else but null and undefined does as
 * JSON; what it rejects with becomes the error of the attempt.
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
  { task, claim }: Claimed,
  { lost }: Lease,
  { handler, shutdown }: JobOptions,
): Promise<Outcome | undefined> {
  const signal = AbortSignal.any([lost, shutdown.hurry]);
  const handle = async (): Promise<Outcome | undefined> => {
    try {
      return { kind: 'completed', notes: notesOf(await handler(task, { signal, claim })) };
    } catch (error) {
      if (lost.aborted) return undefined;
      return shutdown.hurry.aborted ? { kind: 'given_back' } : { kind: 'failed', error };
    }
  };
  return Promise.race([handle(), givenBackWhen(shutdown.over)]);
}

function notesOf(result: unknown): string | null {
  if (typeof result === 'string') return result;
  return result === undefined || result === null ? null : JSON.stringify(result);
}

/** A handler that does not heed its signal is not waited for. */
function givenBackWhen(over: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    over.addEventListener('abort', () => resolve({ kind: 'given_back' }), { once: true });
  });
}
