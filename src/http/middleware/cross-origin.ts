import { cors } from 'hono/cors';
import type { AppMiddleware } from '../context.ts';

/** Lets browsers of the listed origins in, `*` for all; with an empty list no origin is ever confirmed. */
export function crossOrigin(origins: readonly string[]): AppMiddleware {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT'],
    allowHeaders: ['Content-Type', 'X-Request-Id'],
    exposeHeaders: ['X-Request-Id'],
    maxAge: 600,
  });
}
