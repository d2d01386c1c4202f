import type { Database, RequestPorts } from '../../operations/ports.ts';
import { type AppContext, type AppMiddleware, callerOf } from '../context.ts';
import { requestPorts } from '../request-identity.ts';

/** Does no I/O before the first statement. */
export type OpenDatabase = (request: RequestPorts) => Database;

/** Opens a database for the request and closes it after the answer; marks a replayed answer. */
export function requestDatabase(open: OpenDatabase): AppMiddleware {
  return async (c, next) => {
    const database = open(portsOf(c));
    c.set('database', database);
    await next();
    closeLater(c, database);
  };
}

/** Closes a database without keeping the answer waiting. */
export function closeLater(c: AppContext, database: Database): void {
  const closing = database.close();
  if (closing !== undefined) c.executionCtx.waitUntil(closing);
}

/** The ports of the request that the chain serves. */
export function portsOf(c: AppContext): RequestPorts {
  return requestPorts(
    () => callerOf(c),
    () => c.get('requestKey'),
    () => c.header('Idempotency-Replayed', 'true'),
  );
}
