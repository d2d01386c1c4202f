import type { AppMiddleware } from '../context.ts';

/** Adds Server-Timing (W3C). A deployed Worker's clock moves only with I/O, so `total` leaves out CPU time. */
export function serverTiming(now: () => number): AppMiddleware {
  return async (c, next) => {
    const began = now();
    await next();
    const db = c.get('database')?.elapsed() ?? 0;
    const total = now() - began;
    c.res.headers.set('Server-Timing', `db;dur=${db.toFixed(1)}, total;dur=${total.toFixed(1)}`);
  };
}
