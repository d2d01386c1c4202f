import path from 'node:path';
import { ACCESS_VARIABLES, describeAccess, FOR_EVERYBODY } from './local/access.ts';
import { listenAddress } from './local/listen-address.ts';
import { Problem, runMain } from './local/problem.ts';
import { readArguments } from './local/read-arguments.ts';
import type { Service } from './local/service.ts';
import { untilToldToStop } from './local/until-told-to-stop.ts';
import { ROOT } from './local/worker-build.ts';
import { asTyped } from './local/working-directory.ts';

const USAGE = `npm start -- [--port 8080] [--host 127.0.0.1] [--data-dir .local]

Serves the API on an embedded PostgreSQL. --host takes a name or an address: localhost for both loopback addresses,
0.0.0.0 for all of IPv4, :: for all. DATABASE_URL=postgres://… uses that server instead.
LOG_LEVEL, CORS_ORIGINS, EVENT_RETENTION_DAYS, TASK_RETENTION_DAYS, DELETED_RETENTION_DAYS and
RESERVATION_EXPIRATION_MINUTES take the place of the values in wrangler.toml.
/metrics counts requests unless REQUEST_COUNTERS is off. It lets everybody in unless API_KEY, API_KEYS, JWT_SECRET or
JWT_JWKS_URL says who may ask.`;

/** One isolate serves everything here, so that its counts are whole. */
const COUNTED_HERE = { REQUEST_COUNTERS: 'on' };

const DEFAULTS = { port: '8080', host: '127.0.0.1', 'data-dir': path.join(ROOT, '.local') };

const readTyped = () =>
  readArguments(USAGE, {
    options: {
      port: { type: 'string', default: DEFAULTS.port },
      host: { type: 'string', default: DEFAULTS.host },
      'data-dir': { type: 'string', default: DEFAULTS['data-dir'] },
      help: { type: 'boolean', default: false },
    },
  }).values;

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Problem(`--port must be a number from 1 to 65535, not ${text}`);
}

function variablesFrom(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = [
    'LOG_LEVEL',
    'CORS_ORIGINS',
    'EVENT_RETENTION_DAYS',
    'TASK_RETENTION_DAYS',
    'DELETED_RETENTION_DAYS',
    'RESERVATION_EXPIRATION_MINUTES',
    'REQUEST_COUNTERS',
    ...ACCESS_VARIABLES,
  ];
  const taken = names.map((name) => [name, env[name]] as const);
  return {
    ...FOR_EVERYBODY,
    ...COUNTED_HERE,
    ...Object.fromEntries(
      taken.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
    ),
  };
}

async function main(): Promise<void> {
  const args = readTyped();
  if (args.help) {
    console.log(USAGE);
    return;
  }
  const port = portOf(args.port);
  const { shown } = listenAddress(args.host);
  const toldToStop = untilToldToStop();
  const variables = variablesFrom(process.env);
  const { sentence, header } = describeAccess(variables);
  // Loading drizzle takes a second; a wrong argument should fail at once.
  const { startService } = await import('./local/service.ts');
  const starting = startService({
    host: args.host,
    port,
    dataDir: asTyped(args['data-dir']),
    databaseUrl: process.env['DATABASE_URL'] || undefined,
    variables,
    onProgress: (what) => console.log(what),
  });
  const service = await unlessToldToStop(starting, toldToStop);
  const address = `http://${shown}:${port}`;
  console.log(
    `\nTask Tracker is ready on ${address}\n${sentence}\n\n  curl ${header}'${address}/tasks/next?project=demo'\n`,
  );
  await serveUntil(service, toldToStop);
}

/** A Ctrl-C during the start also stops what is starting; its failure is then no news. */
async function unlessToldToStop(starting: Promise<Service>, toldToStop: Promise<void>): Promise<Service> {
  let told = false;
  void toldToStop.then(() => {
    told = true;
  });
  try {
    return await starting;
  } catch (error) {
    if (told) process.exit(0);
    throw error;
  }
}

async function serveUntil(service: Service, toldToStop: Promise<void>): Promise<void> {
  const why = await Promise.race([toldToStop, service.ended]);
  console.log(why === undefined ? 'Stopping' : `${why}; stopping`);
  await service.stop();
  process.exit(why === undefined ? 0 : 1);
}

await runMain(main);
