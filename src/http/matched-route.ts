import { matchedRoutes } from 'hono/route';
import type { AppContext } from './context.ts';

/** Whether a route will answer the request; otherwise nothing needs its body. */
export function hasRoute(c: AppContext): boolean {
  return matchedRoutes(c).some((route) => route.method === c.req.method);
}
