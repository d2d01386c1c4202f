import { OpenAPIHono } from '@hono/zod-openapi';
import { requestId } from 'hono/request-id';
import { methodsOf } from './http/allowed-methods.ts';
import type { AppEnv } from './http/context.ts';
import * as errors from './http/errors.ts';
import { BODY_LIMIT_BYTES } from './http/limits.ts';
import { allowedMethods } from './http/middleware/allowed-methods.ts';
import { type AccessPolicy, authentication } from './http/middleware/authentication.ts';
import { crossOrigin } from './http/middleware/cross-origin.ts';
import { type OpenDatabase, requestDatabase } from './http/middleware/database.ts';
import { databaseHealth, type HealthOptions } from './http/middleware/database-health.ts';
import { idempotency } from './http/middleware/idempotency.ts';
import { jsonBody } from './http/middleware/json-body.ts';
import { credentialRateLimit, type RateLimiters } from './http/middleware/rate-limit.ts';
import { requestBounds } from './http/middleware/request-bounds.ts';
import { type LogLevel, type LogPorts, requestLog } from './http/middleware/request-log.ts';
import { responseHeaders } from './http/middleware/response-headers.ts';
import { serverTiming } from './http/middleware/server-timing.ts';
import { transitionValidation } from './http/middleware/transition-validation.ts';
import { unreadBody } from './http/middleware/unread-body.ts';
import { registerAddTasks } from './http/routes/add-tasks.ts';
import { registerClaimTask } from './http/routes/claim-task.ts';
import { registerDeleteTask } from './http/routes/delete-task.ts';
import { registerGetTask } from './http/routes/get-task.ts';
import { registerHealth } from './http/routes/health.ts';
import { registerHeartbeatClaim } from './http/routes/heartbeat-claim.ts';
import { registerListTasks } from './http/routes/list-tasks.ts';
import { registerMetrics } from './http/routes/metrics.ts';
import { registerMoveTask } from './http/routes/move-task.ts';
import { registerNextTask } from './http/routes/next-task.ts';
import { registerOpenApi } from './http/routes/openapi.ts';
import { registerReady } from './http/routes/ready.ts';
import { registerReleaseClaim } from './http/routes/release-claim.ts';
import { refuseInvalid } from './http/schemas/validation.ts';

/** What the composition root hands in. */
export interface AppOptions {
  readonly logLevel: LogLevel;
  readonly log: LogPorts;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** Origins that browsers may call from; `*` stands for all. */
  readonly corsOrigins: readonly string[];
  readonly access: AccessPolicy;
  readonly rateLimiters: RateLimiters;
  readonly openDatabase: OpenDatabase;
  readonly health: HealthOptions;
  /** The version of the service, as clients see it. */
  readonly version: string;
}

/** Puts the service together: the chain in the order in which a request passes it, then the routes. */
export function createApp(options: AppOptions): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  const methods = methodsOf(app);

  app.use(unreadBody());
  app.use(requestId());
  app.use(requestLog(options.logLevel, options.log));
  app.use(serverTiming(options.now));
  app.use(responseHeaders());
  app.use(crossOrigin(options.corsOrigins, methods));
  app.use(requestBounds());
  app.use(authentication(options.access, options.rateLimiters.failedAuthentication));
  app.use(credentialRateLimit(options.rateLimiters.credential));
  app.use(allowedMethods(methods));
  app.use(jsonBody(BODY_LIMIT_BYTES));
  app.use('/tasks/*', idempotency());
  app.use('/tasks/*', requestDatabase(options.openDatabase));
  app.use('/metrics', requestDatabase(options.openDatabase));
  app.on('GET', ['/health', '/ready'], databaseHealth(options.health));
  app.put('/tasks/:task_id/status', transitionValidation());

  registerNextTask(app);
  registerListTasks(app);
  registerAddTasks(app);
  registerClaimTask(app);
  // After those that it would take for the task of the id `next`, `batch` or `claim`.
  registerGetTask(app);
  registerMoveTask(app);
  registerHeartbeatClaim(app);
  registerReleaseClaim(app);
  registerDeleteTask(app);
  registerHealth(app, options.version);
  registerReady(app, options.version);
  registerMetrics(app);
  registerOpenApi(app, options.version);

  app.notFound((c) => errors.toErrorResponse(errors.routeNotFound(c.req.method, c.req.path), c));
  app.onError(errors.toErrorResponse);
  return app;
}
