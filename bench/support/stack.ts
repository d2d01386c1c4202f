import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Pool } from 'pg';
import { freePort } from '../../scripts/local/free-port.ts';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { type LocalPostgres, startPostgres } from '../../scripts/local/postgres.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { buildWorker, type WorkerBuild } from '../../scripts/local/worker-build.ts';
import { startWorkerd } from '../../scripts/local/workerd.ts';
import type { DriverName } from '../../src/db/target.ts';
import { BENCH_KEY } from './http-client.ts';
import { findPgBouncer, type Installed } from './pgbouncer.ts';
import { GATEWAY, PGBOUNCER, type Way } from './ways.ts';

export interface BenchWorker {
  readonly port: number;
  /** Milliseconds from the process's start to its first answer. */
  readonly startUp: number;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly build?: WorkerBuild;
  readonly databaseUrl?: string;
  /** The path whose first answer ends the start; any answer will do, at once, unless it is given. */
  readonly probe?: string;
  /** Variables that say who may ask; the key of the bench unless said otherwise. */
  readonly access?: Readonly<Record<string, string>>;
}

/** Nothing of it outlives stop(). */
export interface Stack {
  readonly postgres: LocalPostgres;
  /** The harness's own connection, which bypasses the service; concurrent statements queue for it. */
  readonly database: Pool;
  readonly builds: Readonly<Record<DriverName, WorkerBuild>>;
  readonly folder: string;
  readonly pgBouncer: Installed;
  /** The gateway and, if there is one and time for it, PgBouncer. */
  readonly pooled: readonly Way[];
  /** Starts a build, by default the service, over a way to Postgres or what replaces it. */
  start(way: Way, options?: StartOptions): Promise<BenchWorker>;
  stop(): Promise<void>;
}

const SETTINGS = [
  'shared_preload_libraries=pg_stat_statements',
  'max_connections=300',
  'shared_buffers=512MB',
];

/** Starts PostgreSQL, durable as in production, applies the migrations and builds the Worker. */
export async function startStack({ quick }: { quick: boolean }): Promise<Stack> {
  const folder = await temporaryFolder('bench');
  const starting = startPostgres(folder, SETTINGS);
  const builds = { neon: await buildWorker('neon'), hyperdrive: await buildWorker('hyperdrive') };
  const postgres = await starting;
  await applyMigrations(postgres.url());
  const database = new Pool({ connectionString: postgres.url(), max: 1, idleTimeoutMillis: 0 });
  // PostgreSQL may end the idle connection before the pool does; unhandled, that would end this process.
  database.on('error', () => undefined);
  await database.query('create extension pg_stat_statements');
  const pgBouncer = findPgBouncer();
  const workers: BenchWorker[] = [];
  return {
    postgres,
    database,
    builds,
    folder,
    pgBouncer,
    pooled: 'version' in pgBouncer && !quick ? [GATEWAY, PGBOUNCER] : [GATEWAY],
    async start(way, options = {}) {
      const defaults = {
        probe: '/',
        build: builds[way.driver],
        databaseUrl: postgres.url(),
        access: { API_KEY: BENCH_KEY },
      };
      const worker = await startWorker(folder, way, { ...defaults, ...options });
      workers.push(worker);
      return worker;
    },
    async stop() {
      for (const worker of workers.reverse()) await worker.stop();
      await database.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startWorker(
  parent: string,
  way: Way,
  { build, databaseUrl, probe, access }: Required<StartOptions>,
): Promise<BenchWorker> {
  const front = await way.open(parent, databaseUrl);
  const port = await freePort();
  const folder = path.join(parent, `worker-${port}`);
  await mkdir(folder, { recursive: true });
  const began = performance.now();
  const worker = await startWorkerd({
    build,
    folder,
    host: '127.0.0.1',
    port,
    probe,
    pause: 1,
    // The log is written as in production; nobody reads it.
    output: 'ignore',
    variables: { ...build.variables, DATABASE_DRIVER: way.driver, DATABASE_URL: front.url, ...access },
    hyperdrive: front.url,
  });
  const startUp = performance.now() - began;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= worker.stop().then(front.stop);
    return stopped;
  };
  return { port, startUp, stop };
}
