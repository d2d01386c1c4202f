import { matchedRoutes } from 'hono/route';
import type { AppContext } from './context.ts';

/** Whether a route will answer the request; otherwise it is refused, and nothing of its body is to be read. */
export function hasRoute(c: AppContext): boolean {
  return matchedRoutes(c).some((route) => route.method === c.req.method);
}
