import { STATUSES, type Status } from './task.ts';

export const CAUSES = {
  move: 'A caller moves the task',
  reset: 'A caller moves the task with reset: true',
  claim: 'An agent claims the task, which is pending and due or has an expired lease',
  release: 'The holder of the claim releases the task',
  retry: 'The holder of the claim reports failed while attempts are left',
  expiry: 'The lease of the last attempt has expired, and an agent claims in the project',
} as const;

export type Cause = keyof typeof CAUSES;

interface Transition {
  readonly from: Status;
  readonly to: Status;
  readonly by: Cause;
}

/** THE transition table: every change of status (US-050, "Status transition validation", and claims). */
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

/** The status that a cause with a single result leads to. */
export function resultOf(by: Exclude<Cause, 'move' | 'reset'>): Status {
  const row = TRANSITIONS.find((transition) => transition.by === by);
  if (row === undefined) throw new TypeError(`The transition table has no ${by}`);
  return row.to;
}

/** The statuses from which a cause leads to `to`, or anywhere. */
export function leadingBy(by: Cause, to?: Status): Status[] {
  return STATUSES.filter((from) =>
    TRANSITIONS.some((row) => row.by === by && row.from === from && (to === undefined || row.to === to)),
  );
}

export interface AllowedMove {
  readonly status: Status;
  readonly reset: boolean;
}

export interface TransitionPlan {
  readonly to: Status;
  readonly reset: boolean;
  readonly moveFrom: readonly Status[];
  /** Empty unless the reset flag was given. */
  readonly resetFrom: readonly Status[];
}

/** Finds the statuses that lead to `to`. The reset flag adds ways and removes none. */
export function planTransition(to: Status, reset: boolean): TransitionPlan {
  return { to, reset, moveFrom: leadingBy('move', to), resetFrom: reset ? leadingBy('reset', to) : [] };
}

/** Every move that a caller may make from a status, by reset or without. */
export function allowedFrom(from: Status): AllowedMove[] {
  return TRANSITIONS.filter((row) => row.from === from)
    .filter(({ by }) => by === 'move' || by === 'reset')
    .map(({ to, by }) => ({ status: to, reset: by === 'reset' }));
}
