import type { Database } from '../../operations/ports.ts';
import type { AppMiddleware } from '../context.ts';

/** Opens a database; does no I/O before the first statement. */
export type OpenDatabase = () => Database;

/** Opens a database for the request and lets go of it after the answer. */
export function requestDatabase(open: OpenDatabase): AppMiddleware {
  return async (c, next) => {
    const database = open();
    c.set('database', database);
    await next();
    c.executionCtx.waitUntil(database.close());
  };
}
