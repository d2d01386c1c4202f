import type { Hono } from 'hono';
import { type AppContext, type AppEnv, callerOf, healthOf } from '../http/context.ts';
import type { DatabaseHealth } from '../operations/database-health.ts';

/** How the service is; all that it tells to strangers. */
export interface HealthAnswer {
  readonly status: 'healthy' | 'degraded';
  readonly version: string;
  readonly dependencies: { readonly database: 'connected' | 'disconnected' };
}

/** Presents the health of this version of the service. */
export function presentHealth({ connected }: DatabaseHealth, version: string): HealthAnswer {
  return {
    status: connected ? 'healthy' : 'degraded',
    version,
    dependencies: { database: connected ? 'connected' : 'disconnected' },
  };
}

/** Serves /health, which is open and always 200, and /ready, which is 503 while the database does not answer. */
export function serveHealth(app: Hono<AppEnv>, version: string): void {
  app.get('/health', (c) => c.json(presentHealth(healthOf(c), version)));
  app.get('/ready', (c) => {
    callerOf(c);
    const health = healthOf(c);
    noteForTheLog(c, health);
    return c.json(presentHealth(health, version), health.connected ? 200 : 503);
  });
}

/** A state that an earlier request found out has the cause of that one. */
function noteForTheLog(c: AppContext, { connected, problem }: DatabaseHealth): void {
  if (!connected && problem instanceof Error) c.error = problem;
}
