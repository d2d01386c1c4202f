import { cors } from 'hono/cors';
import type { MethodsOf } from '../allowed-methods.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { METHODS } from '../methods.ts';

/** Lets browsers of the listed origins in, `*` for all. */
export function crossOrigin(origins: readonly string[], methodsOf: MethodsOf): AppMiddleware {
  const answer = cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: Object.keys(METHODS),
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'MCP-Method',
      'MCP-Name',
      'MCP-Protocol-Version',
      'X-Request-Id',
    ],
    exposeHeaders: [
      'Accept-Encoding',
      'Allow',
      'ETag',
      'Idempotency-Replayed',
      'Retry-After',
      'Server-Timing',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: 600,
  });
  return async (c, next) => {
    if (c.req.method !== 'OPTIONS') return answer(c, next);
    if (!isPreflight(c)) return next();
    const methods = methodsOf(c.req.path);
    if (methods !== undefined) c.header('Allow', methods.join(', '));
    return answer(c, next);
  };
}

/** hono takes every OPTIONS for a preflight; browsers send both headers (Fetch Standard, section 3.3.2). */
function isPreflight(c: AppContext): boolean {
  return c.req.header('origin') !== undefined && c.req.header('access-control-request-method') !== undefined;
}
