import type { Hono } from 'hono';
import { type AppContext, type AppEnv, callerOf, healthOf } from '../http/context.ts';
import type { DatabaseHealth } from '../operations/database-health.ts';

/** All that strangers learn about the service. */
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

/** Serves /health, open and always 200, and /ready, which is 503 while the database does not answer. */
export function serveHealth(app: Hono<AppEnv>, version: string): void {
  app.get('/health', (c) => c.json(presentHealth(healthOf(c), version)));
  app.get('/ready', (c) => {
    callerOf(c);
    const health = healthOf(c);
    noteForTheLog(c, health);
    return c.json(presentHealth(health, version), health.connected ? 200 : 503);
  });
}

/** A shared state keeps the cause from the request that found it. */
function noteForTheLog(c: AppContext, { connected, problem }: DatabaseHealth): void {
  if (!connected && problem instanceof Error) c.error = problem;
}
