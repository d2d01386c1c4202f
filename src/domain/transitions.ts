import { STATUSES, type Status } from './task.ts';

interface Exits {
  /** The states that follow by ordinary work. */
  readonly move: readonly Status[];
  /** The states that may be returned to with an explicit reset. */
  readonly reset: readonly Status[];
}

/** THE transition table: every change of state that exists (US-050, "Status transition validation"). */
export const TRANSITIONS: Readonly<Record<Status, Exits>> = {
  pending: { move: ['in_progress', 'cancelled'], reset: [] },
  in_progress: { move: ['completed', 'failed', 'cancelled'], reset: ['pending'] },
  completed: { move: [], reset: ['pending'] },
  failed: { move: [], reset: ['pending'] },
  cancelled: { move: [], reset: ['pending'] },
};

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
  const leadingBy = (exit: keyof Exits) => STATUSES.filter((from) => TRANSITIONS[from][exit].includes(to));
  return { to, reset, moveFrom: leadingBy('move'), resetFrom: reset ? leadingBy('reset') : [] };
}

/** Every move that is allowed from a state, with and without reset. */
export function allowedFrom(from: Status): AllowedMove[] {
  const { move, reset } = TRANSITIONS[from];
  return [
    ...move.map((status) => ({ status, reset: false })),
    ...reset.map((status) => ({ status, reset: true })),
  ];
}
