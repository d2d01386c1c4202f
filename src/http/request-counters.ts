import type { ErrorCode } from '../domain/errors/index.ts';
import type { ObserveRequest } from './request-figures.ts';

/** Seconds, as Prometheus's own client libraries have them. */
export const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** With the last bucket, which has every request. */
export const DURATION_BUCKETS: readonly number[] = [...DURATION_BOUNDS, Number.POSITIVE_INFINITY];

/** What one method of one route has been asked for. */
export interface RouteTotals {
  readonly method: string;
  readonly route: string;
  readonly by_status_class: ReadonlyMap<string, number>;
  readonly by_code: ReadonlyMap<ErrorCode, number>;
  /** Requests that took no longer than each of DURATION_BUCKETS. */
  readonly durations: readonly number[];
  readonly duration_seconds: number;
}

export interface RequestTotals {
  /** Seconds since the epoch. */
  readonly since: number;
  readonly routes: readonly RouteTotals[];
}

export interface RequestCounters {
  readonly observe: ObserveRequest;
  readonly totals: () => RequestTotals;
}

interface Counting extends Omit<RouteTotals, 'durations'> {
  readonly by_status_class: Map<string, number>;
  readonly by_code: Map<ErrorCode, number>;
  /** Requests whose first bucket is each of DURATION_BUCKETS. */
  readonly firsts: number[];
  duration_seconds: number;
}

/**
 * Counts the requests of this process from that moment on, in milliseconds since the epoch. Routes, methods, classes
 * and codes are closed sets, so no client makes it grow. It holds numbers only, which outlive a request in workerd.
 */
export function requestCounters(began: number): RequestCounters {
  const routes = new Map<string, Counting>();
  return {
    observe({ method, route, status_class, code, duration_ms }) {
      const key = `${method} ${route}`;
      const known = routes.get(key);
      const counting = known ?? nothingYet(method, route);
      if (known === undefined) routes.set(key, counting);
      increment(counting.by_status_class, status_class);
      if (code !== undefined) increment(counting.by_code, code);
      const seconds = duration_ms / 1_000;
      counting.duration_seconds += seconds;
      const first = DURATION_BUCKETS.findIndex((bound) => seconds <= bound);
      counting.firsts[first] = (counting.firsts[first] ?? 0) + 1;
    },
    totals: () => ({ since: began / 1_000, routes: [...routes.values()].map(toTotals) }),
  };
}

function nothingYet(method: string, route: string): Counting {
  const firsts = DURATION_BUCKETS.map(() => 0);
  return { method, route, by_status_class: new Map(), by_code: new Map(), firsts, duration_seconds: 0 };
}

function toTotals({ firsts, ...counting }: Counting): RouteTotals {
  let sum = 0;
  const durations = firsts.map((count) => {
    sum += count;
    return sum;
  });
  return { ...counting, durations };
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
