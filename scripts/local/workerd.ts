import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startChild, untilReady } from './child.ts';
import { hostInUrl, listenAddress } from './listen-address.ts';
import { Problem } from './problem.ts';
import type { WorkerBuild } from './worker-build.ts';

/** The binary of wrangler's own dependency, so that it fits what wrangler builds. */
const WORKERD = createRequire(import.meta.url).resolve('workerd/bin/workerd');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

export interface WorkerdOptions {
  readonly build: WorkerBuild;
  /** For the configuration file. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** Variables and secrets reach the Worker through the environment, never through a file. */
  readonly variables: Readonly<Record<string, string>>;
  /** The server for the binding HYPERDRIVE, without Hyperdrive's pool. */
  readonly hyperdrive?: string;
  /** Asked until it answers; the description of the API by default. */
  readonly probe?: string;
  /** Milliseconds between probes; for who needs the exact time of the first answer. */
  readonly pause?: number;
  /** For its log; this process's standard output by default. */
  readonly output?: 'inherit' | 'ignore';
}

export interface RunningWorker {
  /** Resolves with a description if it ends by itself. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Serves a build in workerd, the runtime of Cloudflare Workers; resolves once it answers. */
export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorker> {
  const file = path.join(options.folder, 'workerd.capnp');
  await writeFile(file, configurationOf(options));
  const { output = 'inherit' } = options;
  const child = startChild(WORKERD, ['serve', file], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...options.variables },
    deathSignal: 'KILL',
  });
  const probe = `http://${listenAddress(options.host).probed}:${options.port}${options.probe ?? '/openapi.json'}`;
  await untilReady(
    child,
    () => answers(probe),
    { patience: START_TIMEOUT_MS, pause: options.pause ?? 30 },
    async (why) => {
      await child.stop('SIGKILL', STOP_TIMEOUT_MS);
      throw new Problem(`workerd did not start (${why})`);
    },
  );
  return { ended: child.ended, stop: () => child.stop('SIGTERM', STOP_TIMEOUT_MS) };
}

/** See https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp. */
function configurationOf({ build, folder, host, port, variables, hyperdrive }: WorkerdOptions): string {
  const text = JSON.stringify;
  const bindings = Object.keys(variables).map(
    (name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`,
  );
  bindings.push('(name = "ASSETS", service = "assets")');
  if (hyperdrive !== undefined) {
    const binding = text({ connectionString: hyperdrive });
    bindings.push(`(name = "HYPERDRIVE", json = ${text(binding)})`);
  }
  const sockets = listenAddress(host).hosts.map((address, index) => {
    const where = text(`${hostInUrl(address)}:${port}`);
    return `(name = "http-${index}", address = ${where}, http = (), service = "service")`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "service", worker = .worker),
    (name = "assets", disk = ${text(build.assets)}),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [${sockets.join(', ')}],
);

const worker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed ${text(path.relative(folder, build.script))})],
  compatibilityDate = ${text(build.compatibilityDate)},
  compatibilityFlags = [${build.compatibilityFlags.map((flag) => text(flag)).join(', ')}],
  bindings = [${bindings.join(', ')}],
);
`;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
}
