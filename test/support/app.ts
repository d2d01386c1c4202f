import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { type AppOptions, createApp } from '../../src/app.ts';
import type { Database, RequestPorts } from '../../src/db/database.ts';
import { connect } from '../../src/db/drivers/connect.ts';
import { PROBE_POLICY, RETRY_POLICY, type RetryPolicy } from '../../src/db/retry.ts';
import type { DriverName } from '../../src/db/target.ts';
import { unrestricted } from '../../src/domain/access.ts';
import type { LogLevel } from '../../src/domain/log-level.ts';
import type { AccessPolicy } from '../../src/http/middleware/authentication.ts';
import type { RateLimiters } from '../../src/http/middleware/rate-limit.ts';
import type { LogLine } from '../../src/http/middleware/request-log.ts';
import type { Measuring } from '../../src/http/middleware/request-metrics.ts';
import type { WaitOptions } from '../../src/http/waits.ts';
import type { WaitPorts } from '../../src/operations/waiting.ts';
import { type Api, apiOver } from './api.ts';
import { clockThatSleepMoves, readAsset } from './options.ts';
import { PATIENT_POLICY } from './patience.ts';

/** The service inside the test's own workerd, with its time, chance and log in the test's hands. */
export interface AppUnderTest extends Api {
  readonly log: LogLine[];
  /** The pauses, in milliseconds, that the retry policy asked for. */
  readonly pauses: number[];
}

export interface AppUnderTestOptions {
  readonly driver?: DriverName;
  readonly connectionString?: string;
  /** By default more patient than the service is, so that what a test sees does not depend on the machine. */
  readonly policy?: Partial<RetryPolicy>;
  readonly random?: () => number;
  /** Whether pauses are really slept; otherwise they pass at once. */
  readonly sleepsPauses?: boolean;
  /** Time and chance of requests that wait; by default their pauses pass at once. */
  readonly pauses?: Partial<WaitPorts>;
  /** How long a check of the database's health may take. */
  readonly probe?: Partial<RetryPolicy>;
  /** What the time is for Server-Timing, and for the age of what is known of the database's health, in milliseconds. */
  readonly now?: () => number;
  readonly logLevel?: LogLevel;
  readonly corsOrigins?: readonly string[];
  /** Who is let in; everybody with everything, unless a test is about that. */
  readonly access?: AccessPolicy;
  readonly rateLimiters?: RateLimiters;
  readonly settings?: NonNullable<AppOptions['settings']>;
  /** What the time is for the database's deadlines, in milliseconds. */
  readonly databaseNow?: () => number;
  /** What waits wait with; by default a clock that only sleeping moves. */
  readonly waits?: WaitOptions;
  readonly measuring?: Measuring;
  /** Puts something between the operations and the database, such as a deliberate defect. */
  readonly decorate?: (database: Database) => Database;
}

/** Lets everybody in, as `npm start` does. */
export const OPEN_ACCESS: AccessPolicy = { kind: 'anonymous', caller: unrestricted('anonymous') };

/** Node, unlike workerd, asks how a body that comes in pieces travels. */
const STREAMING = { duplex: 'half' };

const NOWHERE = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';

/** Puts the service together for a test; without a connection string there is no database to reach. */
export function appUnderTest(options: AppUnderTestOptions = {}): AppUnderTest {
  const log: LogLine[] = [];
  const pauses: number[] = [];
  const target = {
    driver: options.driver ?? 'hyperdrive',
    connectionString: options.connectionString ?? NOWHERE,
  };
  const ports = {
    sleep: (milliseconds: number) => {
      pauses.push(milliseconds);
      if (!options.sleepsPauses) return Promise.resolve();
      return new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    },
    random: options.random ?? (() => 0),
    now: options.databaseNow ?? (() => performance.now()),
  };
  const decorate = options.decorate ?? ((database: Database) => database);
  const open = (policy: RetryPolicy) => (request: RequestPorts) =>
    decorate(connect(target, policy, { ...ports, ...request }));
  const app = createApp({
    readAsset,
    waits: options.waits ?? clockThatSleepMoves(),
    logLevel: options.logLevel ?? 'info',
    log: { write: (line) => log.push(line), wallClock: () => Date.now() },
    measuring: options.measuring,
    now: options.now ?? (() => performance.now()),
    corsOrigins: options.corsOrigins ?? [],
    access: options.access ?? OPEN_ACCESS,
    rateLimiters: options.rateLimiters ?? {},
    ...(options.settings && { settings: options.settings }),
    health: {
      openDatabase: open({ ...PROBE_POLICY, ...options.probe }),
      now: options.now ?? (() => performance.now()),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
    pauses: { ...ports, ...options.pauses },
    version: '0.0.0-test',
    openDatabase: open({ ...RETRY_POLICY, ...PATIENT_POLICY, ...options.policy }),
  });
  const api = apiOver(async (path, init) => {
    const context = createExecutionContext();
    const response = await app.fetch(
      new Request(path.startsWith('/') ? `http://service.test${path}` : path, { ...STREAMING, ...init }),
      {},
      context,
    );
    await waitOnExecutionContext(context);
    return response;
  });
  return { ...api, log, pauses };
}
