import type { Context, MiddlewareHandler } from 'hono';
import type { CredentialProblem } from '../auth/verdict.ts';
import type { Caller } from '../domain/access.ts';
import { refusal } from '../domain/errors/index.ts';
import type { DatabaseHealth } from '../operations/database-health.ts';
import type { Database, RequestIdentity } from '../operations/ports.ts';

/** What travels with a request through the chain. */
export interface AppEnv {
  Variables: {
    requestId: string;
    /** Set on the paths whose routes need one. */
    database?: Database;
    /** Set where the request brings an Idempotency-Key. */
    identity?: RequestIdentity;
    /** Set by the authentication on every path that is not open. */
    caller?: Caller;
    /** The text of the body, on the routes that have one. */
    bodyText?: string;
    /** The first characters of the credential that was presented, for the log. */
    presented?: string;
    /** Why the credential was refused, for the log. */
    credentialProblem?: CredentialProblem;
    /** Set on the routes that tell how the service is. */
    health?: DatabaseHealth;
  };
}

export type AppContext = Context<AppEnv>;
export type AppMiddleware = MiddlewareHandler<AppEnv>;

/** Who is asking. Refuses with `missing_credential` on a path that is open, by intent or by mistake. */
export function callerOf(c: AppContext): Caller {
  const { caller } = c.var;
  if (caller === undefined) throw refusal('missing_credential', {});
  return caller;
}

/** The database of the request; throws on a path for which the chain opens none. */
export function databaseOf(c: AppContext): Database {
  const { database } = c.var;
  if (database === undefined) throw new TypeError(`The chain opens no database for ${c.req.path}`);
  return database;
}

/** How the database is; throws on a path for which the chain does not find out. */
export function healthOf(c: AppContext): DatabaseHealth {
  const { health } = c.var;
  if (health === undefined) throw new TypeError(`The chain asks for no health for ${c.req.path}`);
  return health;
}
