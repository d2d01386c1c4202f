import type { Context, MiddlewareHandler } from 'hono';
import type { CredentialProblem } from '../auth/verdict.ts';
import type { Caller } from '../domain/access.ts';
import { type ErrorCode, type ErrorStatus, refusal } from '../domain/errors/index.ts';
import type { DatabaseHealth } from '../operations/database-health.ts';
import type { Database, RequestKey } from '../operations/ports.ts';
import type { RequestTotals } from './request-counters.ts';

export interface AppEnv {
  Variables: {
    requestId: string;
    database?: Database;
    /** Opens another database for the request, for whoever closes it. */
    openDatabase?: () => Database;
    /** Set when the request has an Idempotency-Key. */
    requestKey?: RequestKey;
    /** Absent on open paths. */
    caller?: Caller;
    bodyText?: string;
    /** The credential's first characters, for the log. */
    presented?: string;
    credentialProblem?: CredentialProblem;
    health?: DatabaseHealth;
    /** The tool that was called over MCP. */
    tool?: string;
    /** How a tool failed: the answer's own status is 200 all the same. */
    toolFailure?: { readonly code: ErrorCode; readonly status: ErrorStatus };
    /** Of the error that is answered. */
    errorCode?: ErrorCode;
    /** What this process has counted, where it is the only one. */
    requestTotals?: () => RequestTotals;
  };
}

/** Variables are read with `get`: `var` copies all of them each time. */
export type AppContext = Context<AppEnv>;
export type AppMiddleware = MiddlewareHandler<AppEnv>;

/** Who is asking. Refuses with `missing_credential` on an open path. */
export function callerOf(c: AppContext): Caller {
  const caller = c.get('caller');
  if (caller === undefined) throw refusal('missing_credential', {});
  return caller;
}

/** The database of the request; throws where the chain opens none. */
export function databaseOf(c: AppContext): Database {
  const database = c.get('database');
  if (database === undefined) throw new TypeError(`The chain opens no database for ${c.req.path}`);
  return database;
}

/** The health of the database; throws where the chain does not check it. */
export function healthOf(c: AppContext): DatabaseHealth {
  const health = c.get('health');
  if (health === undefined) throw new TypeError(`The chain asks for no health for ${c.req.path}`);
  return health;
}
