import type { AppMiddleware } from '../context.ts';

/**
 * Tells in every answer how long its making took, in milliseconds: `db` the attempts at statements, `total` all of it
 * (W3C Server Timing). The clock of a deployed Worker stands still but for I/O, so the difference is no CPU time there.
 */
export function serverTiming(now: () => number): AppMiddleware {
  return async (c, next) => {
    const began = now();
    await next();
    const db = c.var.database?.elapsed() ?? 0;
    const total = now() - began;
    c.res.headers.set('Server-Timing', `db;dur=${db.toFixed(1)}, total;dur=${total.toFixed(1)}`);
  };
}
