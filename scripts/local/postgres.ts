import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Child, startChild, untilReady } from './child.ts';
import { type DataFolder, openDataFolder, ownerOf } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { isAnswering } from './is-answering.ts';
import {
  type Binaries,
  findBinaries,
  type RunAs,
  requireName,
  unprivilegedUser,
} from './postgres-binaries.ts';
import { Problem } from './problem.ts';

const ROLE = 'task_tracker';
const MAJOR_VERSION = '18';
const START_TIMEOUT_MS = 60_000;
const PREDECESSOR_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 10_000;

export interface LocalPostgres {
  /** The connection string of a database on it; the service's by default. */
  url(database?: string): string;
  /** Resolves with a description if the server ends by itself. */
  readonly ended: Promise<string>;
  /** Rolls back what is open; `immediate` is a crash, from which the next start recovers. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

/**
 * Starts PostgreSQL on a loopback port, by default a free one, with its data below `root`, made on first use.
 * `settings` are server settings such as `fsync=off`. Throws a Problem where the folder is in use.
 */
export async function startPostgres(
  root: string,
  settings: readonly string[] = [],
  givenPort?: number,
): Promise<LocalPostgres> {
  const user = await unprivilegedUser();
  const binaries = await findBinaries(user);
  const folder = await openDataFolder(path.resolve(root), user);
  const owner = await ownerOf(folder.home, user);
  if (!existsSync(folder.cluster)) await createCluster(binaries, folder, owner);
  await checkVersion(folder);
  await waitForPredecessor(folder);
  const port = givenPort ?? (await freePort());
  const url = (database = ROLE) => `postgres://${ROLE}:${folder.password}@127.0.0.1:${port}/${database}`;
  const errors: string[] = [];
  const child = startServer(binaries, folder, owner, [`port=${port}`, ...settings], errors);
  const answering = () => isAnswering(url('postgres'));
  await untilReady(child, answering, { patience: START_TIMEOUT_MS, pause: 50 }, async (why) => {
    await child.stop('SIGINT', STOP_TIMEOUT_MS);
    throw new Problem(`PostgreSQL did not start (${why}): ${errors.join('').trim()}`);
  });
  await createDatabase(url('postgres'));
  return {
    url,
    ended: child.ended,
    stop: (how = 'fast') => child.stop(how === 'fast' ? 'SIGINT' : 'SIGQUIT', STOP_TIMEOUT_MS),
  };
}

/** Makes the cluster under another name first: an interrupted start must not leave half of one. */
async function createCluster(
  binaries: Binaries,
  { home, cluster, password }: DataFolder,
  owner: RunAs,
): Promise<void> {
  requireName(owner);
  const unfinished = path.join(home, 'unfinished');
  const passwordFile = path.join(home, 'initdb-password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    await chown(passwordFile, owner.uid, owner.gid);
  }
  const options = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', `--username=${ROLE}`, `--pwfile=${passwordFile}`];
  try {
    await run(
      binaries.initdb,
      [`--pgdata=${unfinished}`, '--locale=C', '--no-instructions', ...options, ...access],
      owner,
    );
    await rename(unfinished, cluster);
  } finally {
    await unlink(passwordFile);
  }
}

function run(command: string, args: readonly string[], user: RunAs): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Problem(`PostgreSQL could not be set up: ${errors.trim()}`)),
    );
  });
}

async function checkVersion({ cluster }: DataFolder): Promise<void> {
  const version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (version === MAJOR_VERSION) return;
  throw new Problem(
    `The data in ${cluster} is PostgreSQL ${version}'s, this is ${MAJOR_VERSION}: pass another --data-dir, or delete the folder to begin anew`,
  );
}

/** A start right after a kill -9 finds the old server shutting down; one that stays belongs to somebody. */
async function waitForPredecessor({ cluster }: DataFolder): Promise<void> {
  const patience = Date.now() + PREDECESSOR_TIMEOUT_MS;
  for (let pid = await runningPid(cluster); pid !== undefined; pid = await runningPid(cluster)) {
    if (Date.now() > patience) {
      throw new Problem(
        `The data in ${cluster} is in use by process ${pid}: stop the other npm start or npm run dev, or pass another --data-dir`,
      );
    }
    await sleep(100);
  }
}

async function runningPid(cluster: string): Promise<number | undefined> {
  const file = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(file, 10);
  return pid > 0 && (await servesCluster(pid, cluster)) ? pid : undefined;
}

/** After a crash the pid may be another program's; without /proc, PostgreSQL itself has to judge. */
async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(cluster);
}

function startServer(
  { postgres }: Binaries,
  { cluster }: DataFolder,
  user: RunAs,
  settings: readonly string[],
  errors: string[],
): Child {
  const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings];
  // The server's log matters only until it is up: it says why it did not come up.
  return startChild(postgres, ['-D', cluster, ...all.flatMap((setting) => ['-c', setting])], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    deathSignal: 'INT',
    onStderr: (line) => {
      errors.push(line);
      errors.splice(0, errors.length - 20);
    },
  });
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`create database ${ROLE}`);
  } finally {
    await client.end();
  }
}
