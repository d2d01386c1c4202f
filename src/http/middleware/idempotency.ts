import { createHash } from 'node:crypto';
import { type AppContext, type AppMiddleware, callerOf } from '../context.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../idempotency-key.ts';
import { hasRoute } from '../matched-route.ts';
import { hasBody } from '../methods.ts';

const KEPT_SECONDS = 24 * 60 * 60;

/**
 * Names a request by the Idempotency-Key that it brings, so that sending it again does nothing again. A key belongs
 * to the credential that it came with. One of another form is refused by the route, together with what else is wrong.
 * See https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
 */
export function idempotency(): AppMiddleware {
  return async (c, next) => {
    const key = c.req.header('idempotency-key');
    const isNamed = key !== undefined && IDEMPOTENCY_KEY_PATTERN.test(key);
    if (isNamed && hasBody(c.req.method) && hasRoute(c)) {
      const fingerprint = await fingerprintOf(c);
      c.set('identity', { caller: callerOf(c).name, key, fingerprint, keptSeconds: KEPT_SECONDS });
    }
    await next();
  };
}

/** Two requests are the same when method, path, query, the bytes of the body and what the caller may see are. */
async function fingerprintOf(c: AppContext): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const { projects } = callerOf(c);
  // A token that is issued anew may name the same projects in another order.
  const seen = projects === '*' ? projects : [...new Set(projects)].sort();
  return createHash('sha256')
    .update(`${JSON.stringify(seen)} ${c.req.method} ${pathname}${search}\n`)
    .update(new Uint8Array(await c.req.arrayBuffer()))
    .digest('hex');
}
