import { RESERVATION_MINUTES } from '../domain/ids.ts';
import { DEFAULT_DELETED_DAYS } from '../domain/retention.ts';

/** What the operator sets for the verbs. */
export interface Settings {
  /** How long a reservation of ids waits for its confirmation. */
  readonly reservationMinutes: number;
  /** Counts one reservation of a project; rejects with `rate_limited`. */
  readonly countReservation: (project: string) => Promise<void>;
  /** How long a deleted task can be restored; null for ever. */
  readonly deletedDays: number | null;
}

/** For what a door does not set. */
export const USUAL_SETTINGS: Settings = {
  reservationMinutes: RESERVATION_MINUTES.default,
  countReservation: () => Promise.resolve(),
  deletedDays: DEFAULT_DELETED_DAYS,
};
