import type { Context, MiddlewareHandler } from 'hono';
import type { CredentialProblem } from '../auth/verdict.ts';
import type { Caller } from '../domain/access.ts';
import type { TransitionPlan } from '../domain/transitions.ts';
import type { DatabaseHealth } from '../operations/database-health.ts';
import type { Database, RequestIdentity } from '../operations/ports.ts';

/** What travels with a request through the chain. */
export interface AppEnv {
  Variables: {
    requestId: string;
    database: Database;
    /** Set where the request brings an Idempotency-Key. */
    identity?: RequestIdentity;
    /** Set by the authentication on every path that is not open. */
    caller: Caller;
    /** The first characters of the credential that was presented, for the log. */
    presented: string;
    /** Why the credential was refused, for the log. */
    credentialProblem?: CredentialProblem;
    /** Set on the routes that tell how the service is. */
    health: DatabaseHealth;
    /** Set by the transition validation on its route, for every body that the route's schema accepts. */
    transition: TransitionPlan;
  };
}

export type AppContext = Context<AppEnv>;
export type AppMiddleware = MiddlewareHandler<AppEnv>;
