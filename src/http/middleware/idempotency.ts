import { createHash } from 'node:crypto';
import type { Next } from 'hono';
import { type AppContext, type AppMiddleware, callerOf } from '../context.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../idempotency-key.ts';
import { hasRoute } from '../matched-route.ts';
import { hasBody } from '../methods.ts';

const KEPT_SECONDS = 24 * 60 * 60;

/** Names a request by its Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). Its route refuses bad keys. */
export function idempotency(): AppMiddleware {
  const name = async (c: AppContext, key: string, next: Next) => {
    const fingerprint = await fingerprintOf(c);
    c.set('identity', { caller: callerOf(c).name, key, fingerprint, keptSeconds: KEPT_SECONDS });
    await next();
  };
  return (c, next) => {
    const key = hasBody(c.req.method) ? c.req.header('idempotency-key') : undefined;
    const isNamed = key !== undefined && IDEMPOTENCY_KEY_PATTERN.test(key) && hasRoute(c);
    return isNamed ? name(c, key, next) : next();
  };
}

/** Requests are the same if method, path, query, body and the caller's projects are. */
async function fingerprintOf(c: AppContext): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const { projects } = callerOf(c);
  // A reissued token may list the same projects in another order.
  const seen = projects === '*' ? projects : [...new Set(projects)].sort();
  return createHash('sha256')
    .update(`${JSON.stringify(seen)} ${c.req.method} ${pathname}${search}\n`)
    .update(new Uint8Array(await c.req.arrayBuffer()))
    .digest('hex');
}
