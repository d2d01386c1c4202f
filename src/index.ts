import type { Hono } from 'hono';
import { version } from '../package.json';
import { createApp } from './app.ts';
import { hashOf, isMistypedKey } from './auth/api-key.ts';
import { authenticator } from './auth/authenticator.ts';
import type { Credentials } from './auth/credentials.ts';
import { parseAccess } from './config/access.ts';
import { parseAssets } from './config/assets.ts';
import { type Configuration, parseEnvironment } from './config/environment.ts';
import type { RequestPorts } from './db/database.ts';
import { connect } from './db/drivers/connect.ts';
import { PROBE_POLICY, RETRY_POLICY, type RetryPolicy } from './db/retry.ts';
import { CALLER_NAMES, unrestricted } from './domain/access.ts';
import { refusal } from './domain/errors/index.ts';
import { MAX_WAITS } from './domain/waits.ts';
import type { AppEnv } from './http/context.ts';
import { dataPointWriter } from './http/data-points.ts';
import type { AccessPolicy } from './http/middleware/authentication.ts';
import type { RateLimiter } from './http/middleware/rate-limit.ts';
import type { LogLine } from './http/middleware/request-log.ts';
import type { Measuring } from './http/middleware/request-metrics.ts';
import { requestCounters } from './http/request-counters.ts';
import { UPKEEP_REQUEST } from './operations/upkeep/request.ts';
import type { ReadAsset } from './rest/serve-assets.ts';

const ports = {
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
  now: () => performance.now(),
  wallClock: () => Date.now(),
  fetch: (url: string, init: RequestInit) => fetch(url, init),
};

const waits = { random: ports.random, now: ports.now, sleep: sleepUntil, limit: MAX_WAITS };

/** A sleeper that the signal wakes has a moment left before the runtime drops its request. */
function sleepUntil(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}

const log = {
  write: (line: LogLine) => console.log(JSON.stringify(line)),
  wallClock: ports.wallClock,
};

/** Lets requests pass when the binding fails: a broken limiter must stop nobody. */
function limiterOver(binding: RateLimit | undefined): RateLimiter | undefined {
  if (binding === undefined) return undefined;
  return (key) =>
    binding.limit({ key }).then(
      ({ success }) => success,
      () => true,
    );
}

/** Undefined where nobody asks for figures of requests. */
function measuringFor({ requestMetrics, countsRequests }: Configuration): Measuring | undefined {
  if (requestMetrics === undefined && !countsRequests) return undefined;
  return {
    now: ports.now,
    observers: requestMetrics === undefined ? [] : [dataPointWriter(requestMetrics)],
    counters: countsRequests ? requestCounters(ports.wallClock()) : undefined,
  };
}

/** With an incomplete environment, every route that needs the missing part says so. */
function compose(env: unknown): Hono<AppEnv> {
  const parsed = parseEnvironment(env);
  const access = accessPolicyOf(env);
  const base = { log, waits, now: ports.now, pauses: ports, access, readAsset: assetsOf(env), version };
  if (!parsed.ok) {
    const openDatabase = () => {
      throw refusal('not_configured', { problem: parsed.problem });
    };
    const health = { openDatabase, ...ports };
    return createApp({ logLevel: 'info', corsOrigins: [], rateLimiters: {}, openDatabase, health, ...base });
  }
  const { logLevel, corsOrigins, rateLimits, database, retention, reservationMinutes } = parsed.configuration;
  const rateLimiters = {
    credential: limiterOver(rateLimits.credential),
    failedAuthentication: limiterOver(rateLimits.failedAuthentication),
    reservation: limiterOver(rateLimits.reservation),
  };
  const openUnder = (policy: RetryPolicy) => (request: RequestPorts) =>
    connect(database, policy, { ...ports, ...request });
  const openDatabase = openUnder(RETRY_POLICY);
  const health = { openDatabase: openUnder(PROBE_POLICY), ...ports };
  const measuring = measuringFor(parsed.configuration);
  const settings = { reservationMinutes, deletedDays: retention.deletedDays };
  const chosen = { logLevel, corsOrigins, rateLimiters, settings };
  return createApp({ ...chosen, openDatabase, health, measuring, ...base });
}

/** The files beside the script; only the path of the address counts. */
function assetsOf(env: unknown): ReadAsset {
  const assets = parseAssets(env);
  return assets && ((path) => assets.fetch(new URL(path, 'http://assets.invalid')));
}

/** Anything wrong or missing closes the door. */
function accessPolicyOf(env: unknown): AccessPolicy {
  const parsed = parseAccess(env, { hashOf, isMistypedKey });
  if (!parsed.ok) return { kind: 'closed', reason: refusal('not_configured', { problem: parsed.problem }) };
  const { access } = parsed;
  switch (access.kind) {
    case 'none':
      return { kind: 'closed', reason: refusal('authentication_not_configured', {}) };
    case 'anonymous':
      return { kind: 'anonymous', caller: unrestricted(CALLER_NAMES.anonymous) };
    case 'credentials':
      return policyOf(access.credentials);
  }
}

function policyOf(credentials: Credentials): AccessPolicy {
  const issuer = credentials.tokens?.issuer;
  const authenticate = authenticator(credentials, ports);
  return { kind: 'credentials', authenticate, ...(issuer === undefined ? {} : { issuer }) };
}

// The bindings are one object for the life of an isolate. The app holds no I/O objects.
const apps = new WeakMap<object, Hono<AppEnv>>();

/** One line for each run that did something, or failed. */
async function upkeep(env: unknown): Promise<void> {
  const parsed = parseEnvironment(env);
  if (!parsed.ok) {
    console.error(JSON.stringify({ level: 'error', upkeep: 'not_configured', problem: parsed.problem }));
    return;
  }
  const { database, retention } = parsed.configuration;
  const { runUpkeep } = await import('./operations/upkeep/upkeep.ts');
  const report = await runUpkeep(
    () => connect(database, RETRY_POLICY, { ...ports, ...UPKEEP_REQUEST }),
    retention,
  );
  // Records expire all the time.
  const { records_removed: _, is_cut, ...counts } = report;
  if (is_cut || Object.values(counts).some((count) => count > 0))
    console.log(JSON.stringify({ level: 'info', upkeep: report }));
}

export default {
  fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response> {
    const app = apps.get(env) ?? compose(env);
    apps.set(env, app);
    return app.fetch(request, env, ctx);
  },
  scheduled(_: ScheduledController, env: object): Promise<void> {
    return upkeep(env);
  },
} satisfies ExportedHandler<object>;
