import { refusal } from '../domain/errors/index.ts';
import { LOOPBACK_HOSTS } from '../domain/loopback.ts';
import type { AppMiddleware } from '../http/context.ts';

/** Refuses pages of foreign origins, which may have rebound a name to this address (MCP, Streamable HTTP, Security). */
export function knownOrigin(origins: readonly string[]): AppMiddleware {
  const known = new Set(origins);
  return (c, next) => {
    const origin = c.req.header('origin');
    if (origin === undefined || known.has('*') || known.has(origin)) return next();
    if (isOwn(origin, c.req.url)) return next();
    throw refusal('origin_forbidden', {});
  };
}

/** A page of the service itself. Under plain HTTP, only the names of this machine cannot be rebound. */
function isOwn(origin: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const own = new URL(url);
  return origin === own.origin && (own.protocol === 'https:' || LOOPBACK_HOSTS.has(own.hostname));
}
