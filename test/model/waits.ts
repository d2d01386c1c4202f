import type { ModelTask } from './task.ts';

/** How long a lease lasts unless a claim says otherwise, and the longest wait that anybody is told, in seconds. */
export const USUAL_LEASE = 900;

/** The pause after a failed attempt is at most so many seconds; chance takes away up to a fifth. */
export function pauseAfter(attempt: number): number {
  return 30 * 2 ** attempt;
}

/** A pause that is asked for, and the time of a task that is early: longer than anybody is told to wait. */
export const LONG_PAUSE = 3_600;

export const PAUSE_REASON = 'The model is down';

/**
 * All that a claim of the model waits for: the pauses after the first two attempts, the two leases that clients ask for,
 * and the longest wait. A run is over long before one could be taken for the one below it.
 */
const BOUNDS = [pauseAfter(1), pauseAfter(2), 300, USUAL_LEASE] as const;

/** The least bound that a wait in seconds keeps; undefined where it is longer than any may be, or none at all. */
export function boundOf(seconds: number): number | undefined {
  return seconds >= 1 ? BOUNDS.find((bound) => seconds <= bound) : undefined;
}

/** What a claim that finds nothing in these tasks of its project is told. */
export function nothingIn(tasks: readonly ModelTask[]): {
  readonly reason: string;
  readonly wait?: number | undefined;
} {
  const pending = tasks.filter((task) => task.status === 'pending');
  const due = pending.filter(({ unmet }) => unmet === 0).map(untilDue);
  const leases = tasks.flatMap(({ claim }) => (claim?.live ? [claim.lease] : []));
  if (due.length + leases.length === 0)
    return { reason: pending.length > 0 ? 'all_blocked' : 'none_pending' };
  const wait = boundOf(Math.min(...due, ...leases, USUAL_LEASE));
  return { reason: due.length > 0 ? 'none_due' : 'all_claimed', wait };
}

function untilDue({ early, pause }: ModelTask): number {
  return early ? LONG_PAUSE : pause;
}
