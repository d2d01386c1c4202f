import { cors } from 'hono/cors';
import type { AppMiddleware } from '../context.ts';

/**
 * Lets browsers of the listed origins in, `*` for all. With an empty list it does nothing, which keeps every browser
 * out: a preflight is then an OPTIONS like any other.
 */
export function crossOrigin(origins: readonly string[]): AppMiddleware {
  if (origins.length === 0) return (_, next) => next();
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id'],
    exposeHeaders: [
      'Accept-Encoding',
      'Idempotency-Replayed',
      'Retry-After',
      'Server-Timing',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: 600,
  });
}
