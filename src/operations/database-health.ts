/** Whether the database answered when it was last asked. */
export interface DatabaseHealth {
  readonly connected: boolean;
  /** Why it did not; for the log. */
  readonly problem?: unknown;
}

/** Time, handed in so that tests own it; both in milliseconds. */
export interface HealthPorts {
  /** A clock that only moves forward. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How long an answer is good for everybody who asks. */
const GOOD_FOR_MS = 1_000;
/** A check that has not ended by then was cancelled with its request; it is longer than a check may take. */
export const ABANDONED_AFTER_MS = 450;
const LOOK_EVERY_MS = 20;

/**
 * Shares one check among all who ask: however many they are, the database is asked by one at a time and not twice
 * in a second. Those who come during a check look for its answer instead of awaiting it, because in a Worker a
 * promise of another request's I/O may never settle. Keeps plain data only.
 */
export function sharedHealth(ports: HealthPorts) {
  let latest: { readonly health: DatabaseHealth; readonly at: number } | undefined;
  let begun = Number.NEGATIVE_INFINITY;

  return async (check: () => Promise<DatabaseHealth>): Promise<DatabaseHealth> => {
    for (;;) {
      if (latest !== undefined && ports.now() - latest.at < GOOD_FOR_MS) return latest.health;
      if (ports.now() - begun >= ABANDONED_AFTER_MS) break;
      await ports.sleep(LOOK_EVERY_MS);
    }
    begun = ports.now();
    const health = await check();
    latest = { health, at: ports.now() };
    begun = Number.NEGATIVE_INFINITY;
    return health;
  };
}
