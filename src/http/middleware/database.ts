import type { Database, RequestPorts } from '../../operations/ports.ts';
import type { AppContext, AppMiddleware } from '../context.ts';

/** Does no I/O before the first statement. */
export type OpenDatabase = (request: RequestPorts) => Database;

/** Opens a database for the request and closes it after the answer; marks a replayed answer. */
export function requestDatabase(open: OpenDatabase): AppMiddleware {
  return async (c, next) => {
    const database = open(requestPorts(c));
    c.set('database', database);
    await next();
    const closing = database.close();
    if (closing !== undefined) c.executionCtx.waitUntil(closing);
  };
}

export function requestPorts(c: AppContext): RequestPorts {
  return {
    identity: () => c.get('identity') ?? { ...MADE_HERE, key: crypto.randomUUID() },
    onReplay: () => {
      if (c.get('identity') !== undefined) c.header('Idempotency-Replayed', 'true');
    },
  };
}

/** Serves one request, so its record need not outlive the last retry by much. */
const MADE_HERE = { caller: '', fingerprint: '', keptSeconds: 10 * 60 };
