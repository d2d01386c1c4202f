import type { AppMiddleware } from '../context.ts';

/** Keeps every answer out of every cache: a stale next task is a wrong answer (RFC 9111, section 5.2.2.5). */
export function noStore(): AppMiddleware {
  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  };
}
