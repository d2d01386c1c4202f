import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseEnvironment } from '../../src/config/environment.ts';
import { tryPort } from './free-port.ts';
import { startGateway } from './gateway.ts';
import { listenAddress } from './listen-address.ts';
import { applyMigrations } from './migrations.ts';
import { startPostgres } from './postgres.ts';
import { Problem } from './problem.ts';
import { startUpkeep } from './upkeep.ts';
import { buildWorker } from './worker-build.ts';
import { startWorkerd } from './workerd.ts';

export interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  /** For the embedded database and the Worker's configuration; relative to the working directory. */
  readonly dataDir: string;
  /** Replaces the embedded server. */
  readonly databaseUrl: string | undefined;
  /** Replace those in wrangler.toml. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onProgress: (what: string) => void;
}

export interface Service {
  /** Resolves with a description if a part of it ends by itself. */
  readonly ended: Promise<string>;
  /** Stops every part in the reverse order of its start. */
  stop(): Promise<void>;
}

interface Database {
  readonly url: string;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** The embedded database, or that of DATABASE_URL, with all migrations applied. */
export async function openLocalDatabase(
  dataDir: string,
  databaseUrl: string | undefined,
  onProgress: (what: string) => void,
): Promise<Database> {
  const database = databaseUrl === undefined ? await embedded(dataDir, onProgress) : given(databaseUrl);
  try {
    const migrations = await applyMigrations(database.url);
    onProgress(`Migrations applied: ${migrations}`);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function embedded(dataDir: string, onProgress: (what: string) => void): Promise<Database> {
  onProgress(`Starting PostgreSQL, data in ${dataDir}`);
  const { url, ended, stop } = await startPostgres(dataDir);
  return { url: url(), ended: ended.then((how) => `PostgreSQL ended (${how})`), stop };
}

function given(url: string): Database {
  return { url, ended: new Promise(() => undefined), stop: () => Promise.resolve() };
}

/** Starts the database, the gateway and the Worker's production build; if one fails, stops the others. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { host, port, dataDir, databaseUrl, onProgress } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    // First of all, since the database takes its time.
    for (const address of listenAddress(host).hosts) {
      if ((await tryPort(port, address)) !== undefined) continue;
      throw new Problem(`Port ${port} is taken: stop what listens there, or pass another --port`);
    }
    const database = await openLocalDatabase(dataDir, databaseUrl, onProgress);
    stops.push(database.stop);
    const password = randomBytes(24).toString('base64url');
    const gateway = await startGateway({ databaseUrl: database.url, password });
    stops.push(gateway.stop);
    onProgress('Building the Worker');
    const build = await buildWorker('neon');
    const folder = path.resolve(dataDir, 'worker');
    await mkdir(folder, { recursive: true });
    const access = { DATABASE_DRIVER: 'neon', DATABASE_URL: gateway.url };
    const variables = { ...build.variables, ...options.variables, ...access };
    const environment = parseEnvironment(variables);
    if (!environment.ok) throw new Problem(`The configuration is wrong: ${environment.problem}`);
    const worker = await startWorkerd({ build, folder, host, port, variables });
    stops.push(worker.stop);
    const upkeep = startUpkeep(database.url, environment.configuration.retention, onProgress);
    stops.push(upkeep.stop);
    const ended = Promise.race([database.ended, worker.ended.then((how) => `The Worker ended (${how})`)]);
    return { ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
