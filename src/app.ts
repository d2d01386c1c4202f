import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import { refusal } from './domain/errors/index.ts';
import { methodsOf } from './http/allowed-methods.ts';
import type { AppEnv } from './http/context.ts';
import { errorAnswers } from './http/error-answers.ts';
import { BODY_LIMIT_BYTES } from './http/limits.ts';
import { allowedMethods } from './http/middleware/allowed-methods.ts';
import { type AccessPolicy, authentication } from './http/middleware/authentication.ts';
import { crossOrigin } from './http/middleware/cross-origin.ts';
import { type OpenDatabase, requestDatabase } from './http/middleware/database.ts';
import { databaseHealth, type HealthOptions } from './http/middleware/database-health.ts';
import { idempotency } from './http/middleware/idempotency.ts';
import { jsonBody } from './http/middleware/json-body.ts';
import {
  credentialRateLimit,
  type RateLimiters,
  reservationRateLimit,
} from './http/middleware/rate-limit.ts';
import { requestBounds } from './http/middleware/request-bounds.ts';
import { type LogLevel, type LogPorts, requestLog } from './http/middleware/request-log.ts';
import { type Measuring, requestMetrics } from './http/middleware/request-metrics.ts';
import { responseHeaders } from './http/middleware/response-headers.ts';
import { serverTiming } from './http/middleware/server-timing.ts';
import { unreadBody } from './http/middleware/unread-body.ts';
import { requestWaits, type WaitOptions } from './http/waits.ts';
import { mcpDoor } from './mcp/door.ts';
import { knownOrigin } from './mcp/origin.ts';
import { serveProtectedResource } from './mcp/protected-resource.ts';
import { MCP_PATH, serveMcp } from './mcp/serve.ts';
import { serveHealth } from './rest/health.ts';
import { ROOTS } from './rest/roots.ts';
import { WITHOUT_HEAD } from './rest/routes.ts';
import { type Settings, serveRoutes, type WaitPorts } from './rest/serve.ts';
import { type ReadAsset, serveAssets } from './rest/serve-assets.ts';
import { REST_DOOR } from './rest/vocabulary.ts';

export interface AppOptions {
  readonly logLevel: LogLevel;
  readonly log: LogPorts;
  /** Measures nothing when absent. */
  readonly measuring?: Measuring | undefined;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** `*` stands for all origins. */
  readonly corsOrigins: readonly string[];
  readonly access: AccessPolicy;
  readonly rateLimiters: RateLimiters;
  readonly openDatabase: OpenDatabase;
  readonly health: HealthOptions;
  readonly waits: WaitOptions;
  /** For requests that wait for something to happen. */
  readonly pauses: WaitPorts;
  readonly settings?: Omit<Settings, 'countReservation'>;
  readonly readAsset: ReadAsset;
  readonly version: string;
}

/** Builds the service: the chain in the order a request passes it, then the doors. */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const methods = methodsOf(app, WITHOUT_HEAD);
  const issuer = options.access.kind === 'credentials' ? options.access.issuer : undefined;

  app.use(unreadBody());
  app.use(requestId());
  app.use(requestLog(options.logLevel, options.log));
  if (options.measuring !== undefined) app.use(requestMetrics(options.measuring));
  app.use(serverTiming(options.now));
  app.use(responseHeaders(options.log.wallClock));
  if (options.corsOrigins.length > 0) app.use(crossOrigin(options.corsOrigins, methods));
  app.use(MCP_PATH, knownOrigin(options.corsOrigins));
  app.use(requestBounds());
  const { credential, failedAuthentication } = options.rateLimiters;
  app.use(authentication(options.access, failedAuthentication, [MCP_PATH]));
  if (credential !== undefined) app.use(credentialRateLimit(credential));
  app.use(allowedMethods(methods));
  app.use(jsonBody(BODY_LIMIT_BYTES));
  for (const { pattern, hasWrites } of ROOTS) {
    if (hasWrites) app.use(pattern, idempotency());
    app.use(pattern, requestDatabase(options.openDatabase));
  }
  app.on('GET', ['/health', '/ready'], databaseHealth(options.health));

  const openWaits = requestWaits(options.waits);
  const countReservation = reservationRateLimit(options.rateLimiters.reservation);
  serveRoutes(app, openWaits, options.pauses, { ...options.settings, countReservation });
  const { version, openDatabase } = options;
  serveMcp(app, { version, openDatabase, openWaits, limiter: credential });
  if (issuer !== undefined) serveProtectedResource(app, issuer);
  serveHealth(app, options.version);
  serveAssets(app, options.readAsset);

  app.notFound((c) => {
    throw refusal('route_not_found', { method: c.req.method, path: c.req.path });
  });
  app.onError(errorAnswers((c) => (c.req.path === MCP_PATH ? mcpDoor(c, issuer) : REST_DOOR)));
  return app;
}
