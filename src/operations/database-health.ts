export interface DatabaseHealth {
  readonly connected: boolean;
  readonly problem?: unknown;
}

export interface HealthPorts {
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How long one result serves everybody. */
const GOOD_FOR_MS = 1_000;
/** Longer than a check may take: one still open was cancelled with its request. */
export const ABANDONED_AFTER_MS = 450;
const LOOK_EVERY_MS = 20;

/** Shares one check a second. Others poll: in a Worker, a promise of another request's I/O may never settle. */
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
