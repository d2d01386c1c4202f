import type { Database, RequestPorts } from '../../operations/ports.ts';
import type { AppContext, AppMiddleware } from '../context.ts';

/** Opens a database for the request that the ports tell of; does no I/O before the first statement. */
export type OpenDatabase = (request: RequestPorts) => Database;

/** Opens a database for the request and lets go of it after the answer; says where an answer is an earlier one's. */
export function requestDatabase(open: OpenDatabase): AppMiddleware {
  return async (c, next) => {
    const database = open(requestPorts(c));
    c.set('database', database);
    await next();
    c.executionCtx.waitUntil(database.close());
  };
}

/** What a database is told of the request that it serves. */
export function requestPorts(c: AppContext): RequestPorts {
  return {
    identity: () => c.var.identity ?? { ...MADE_HERE, key: crypto.randomUUID() },
    onReplay: () => {
      if (c.var.identity !== undefined) c.header('Idempotency-Replayed', 'true');
    },
  };
}

/** A key for one request only; its record need not outlive the last repetition by much. */
const MADE_HERE = { caller: '', fingerprint: '', keptSeconds: 10 * 60 };
