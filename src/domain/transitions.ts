import { STATUSES, type Status } from './task.ts';

/** What brings a change of status about. */
export const CAUSES = {
  move: 'A caller moves the task',
  reset: 'A caller moves the task with reset: true',
  claim: 'An agent claims the task: a pending one that is due, or one whose lease has expired',
  release: 'The holder of the claim gives the task back',
  retry: 'The holder of the claim reports failed while attempts are left',
  expiry: 'The lease of the last attempt has expired, and another agent claims in the project',
} as const;

export type Cause = keyof typeof CAUSES;

interface Transition {
  readonly from: Status;
  readonly to: Status;
  readonly by: Cause;
}

/** THE transition table: every change of status that exists (US-050, "Status transition validation", and claims). */
export const TRANSITIONS = [
  { from: 'pending', to: 'in_progress', by: 'move' },
  { from: 'pending', to: 'cancelled', by: 'move' },
  { from: 'in_progress', to: 'completed', by: 'move' },
  { from: 'in_progress', to: 'failed', by: 'move' },
  { from: 'in_progress', to: 'cancelled', by: 'move' },
  { from: 'in_progress', to: 'pending', by: 'reset' },
  { from: 'completed', to: 'pending', by: 'reset' },
  { from: 'failed', to: 'pending', by: 'reset' },
  { from: 'cancelled', to: 'pending', by: 'reset' },
  { from: 'pending', to: 'in_progress', by: 'claim' },
  { from: 'in_progress', to: 'in_progress', by: 'claim' },
  { from: 'in_progress', to: 'pending', by: 'release' },
  { from: 'in_progress', to: 'pending', by: 'retry' },
  { from: 'in_progress', to: 'failed', by: 'expiry' },
] as const satisfies readonly Transition[];

/** The status that a cause leads to which always leads to the same one. */
export function resultOf(by: Exclude<Cause, 'move' | 'reset'>): Status {
  const row = TRANSITIONS.find((transition) => transition.by === by);
  if (row === undefined) throw new TypeError(`The transition table has no ${by}`);
  return row.to;
}

/** The statuses that a cause leads from, to that status where one is named. */
export function leadingBy(by: Cause, to?: Status): Status[] {
  return STATUSES.filter((from) =>
    TRANSITIONS.some((row) => row.by === by && row.from === from && (to === undefined || row.to === to)),
  );
}

/** One move that is allowed, in the words of the request that would make it. */
export interface AllowedMove {
  readonly status: Status;
  readonly reset: boolean;
}

/** What a caller asks for, resolved against the table. */
export interface TransitionPlan {
  readonly to: Status;
  readonly reset: boolean;
  /** The states from which an ordinary move leads to `to`. */
  readonly moveFrom: readonly Status[];
  /** The states from which only the reset flag leads to `to`; empty unless the flag was given. */
  readonly resetFrom: readonly Status[];
}

/**
 * Resolves a wanted state to the states it may be reached from. The reset flag adds the way back;
 * it takes nothing away from the ordinary moves.
 */
export function planTransition(to: Status, reset: boolean): TransitionPlan {
  return { to, reset, moveFrom: leadingBy('move', to), resetFrom: reset ? leadingBy('reset', to) : [] };
}

/** Every move that is allowed from a state, with and without reset. */
export function allowedFrom(from: Status): AllowedMove[] {
  return TRANSITIONS.filter((row) => row.from === from)
    .filter(({ by }) => by === 'move' || by === 'reset')
    .map(({ to, by }) => ({ status: to, reset: by === 'reset' }));
}
