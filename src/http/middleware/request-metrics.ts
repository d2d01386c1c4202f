import type { AppMiddleware } from '../context.ts';
import type { RequestCounters } from '../request-counters.ts';
import { figuresOf, type ObserveRequest } from '../request-figures.ts';

export interface Measuring {
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly observers: readonly ObserveRequest[];
  /** What /metrics shows; absent where this process is not the only one. */
  readonly counters?: RequestCounters | undefined;
}

/** Measures each request once it is answered, whatever the answer. */
export function requestMetrics({ now, observers, counters }: Measuring): AppMiddleware {
  const all = counters === undefined ? observers : [...observers, counters.observe];
  return async (c, next) => {
    const began = now();
    if (counters !== undefined) c.set('requestTotals', counters.totals);
    await next();
    const figures = figuresOf(c, now() - began);
    for (const observe of all) observe(figures);
  };
}
