import { RESERVATION_MINUTES } from '../domain/ids.ts';

/** What the operator sets for reservations of ids. */
export interface RegistryPorts {
  /** How long a reservation waits for its confirmation. */
  readonly minutes: number;
  /** Counts one reservation of a project; rejects with `rate_limited`. */
  readonly countReservation: (project: string) => Promise<void>;
}

/** For a door that sets nothing. */
export const USUAL_REGISTRY: RegistryPorts = {
  minutes: RESERVATION_MINUTES.default,
  countReservation: () => Promise.resolve(),
};
