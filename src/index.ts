import type { OpenAPIHono } from '@hono/zod-openapi';
import { createApp } from './app.ts';
import { connect } from './db/connect.ts';
import { RETRY_POLICY, type RetryPorts } from './db/retry.ts';
import { unrestricted } from './domain/access.ts';
import { notConfigured } from './domain/errors.ts';
import { parseEnvironment } from './env.ts';
import type { AppEnv } from './http/context.ts';
import type { LogLine } from './http/middleware/request-log.ts';

const clock: RetryPorts = {
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
  now: () => performance.now(),
};

const log = {
  write: (line: LogLine) => console.log(JSON.stringify(line)),
  wallClock: () => Date.now(),
};

const access = { kind: 'anonymous', caller: unrestricted('anonymous') } as const;

/** Wires the service to its environment; with one that lacks something, every route that needs it says what. */
function compose(env: unknown): OpenAPIHono<AppEnv> {
  const parsed = parseEnvironment(env);
  if (!parsed.ok) {
    const openDatabase = () => {
      throw notConfigured(parsed.problem);
    };
    return createApp({ logLevel: 'info', log, corsOrigins: [], access, openDatabase });
  }
  const { logLevel, corsOrigins, database } = parsed.configuration;
  const openDatabase = () => connect(database, RETRY_POLICY, clock);
  return createApp({ logLevel, log, corsOrigins, access, openDatabase });
}

// The bindings are one object for the life of an isolate; the app made of them holds no I/O objects.
const apps = new WeakMap<object, OpenAPIHono<AppEnv>>();

export default {
  fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response> {
    const app = apps.get(env) ?? compose(env);
    apps.set(env, app);
    return app.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<object>;
