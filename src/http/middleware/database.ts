import type { Database, RequestPorts } from '../../operations/ports.ts';
import { type AppContext, type AppMiddleware, callerOf } from '../context.ts';
import { requestPorts } from '../request-identity.ts';

/** Does no I/O before the first statement. */
export type OpenDatabase = (request: RequestPorts) => Database;

/** Opens a database for the request and closes it after the answer; marks a replayed answer. */
export function requestDatabase(open: OpenDatabase): AppMiddleware {
  return async (c, next) => {
    const openOne = () => open(portsOf(c));
    const database = openOne();
    c.set('database', database);
    c.set('openDatabase', openOne);
    await next();
    closeLater(c, database);
  };
}

/** Closes a database without keeping the answer waiting. */
export function closeLater(c: AppContext, database: Database): void {
  const closing = database.close();
  if (closing !== undefined) c.executionCtx.waitUntil(closing);
}

/**
 * Does something with a database of its own, which is closed afterwards: a request that waits holds no connection
 * meanwhile, and each look has the time of a whole request.
 */
export async function withDatabase<T>(c: AppContext, use: (database: Database) => Promise<T>): Promise<T> {
  const open = c.get('openDatabase');
  if (open === undefined) throw new TypeError(`The chain opens no database for ${c.req.path}`);
  const database = open();
  // What Server-Timing tells of.
  c.set('database', database);
  try {
    return await use(database);
  } finally {
    closeLater(c, database);
  }
}

/** The ports of the request that the chain serves. */
export function portsOf(c: AppContext): RequestPorts {
  return requestPorts(
    () => callerOf(c),
    () => c.get('requestKey'),
    () => c.header('Idempotency-Replayed', 'true'),
  );
}
