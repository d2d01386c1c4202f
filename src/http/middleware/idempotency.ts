import type { Next } from 'hono';
import { type AppContext, type AppMiddleware, callerOf } from '../context.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../idempotency-key.ts';
import { hasRoute } from '../matched-route.ts';
import { hasBody } from '../methods.ts';
import { keyOf } from '../request-identity.ts';

/** Names a request by its Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). Its route refuses bad keys. */
export function idempotency(): AppMiddleware {
  const name = async (c: AppContext, key: string, next: Next) => {
    const { pathname, search } = new URL(c.req.url);
    const body = new Uint8Array(await c.req.arrayBuffer());
    c.set('requestKey', keyOf(callerOf(c), key, `${c.req.method} ${pathname}${search}`, body));
    await next();
  };
  return (c, next) => {
    const key = hasBody(c.req.method) ? c.req.header('idempotency-key') : undefined;
    const isNamed = key !== undefined && IDEMPOTENCY_KEY_PATTERN.test(key) && hasRoute(c);
    return isNamed ? name(c, key, next) : next();
  };
}
