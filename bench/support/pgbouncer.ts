import { spawnSync } from 'node:child_process';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild, untilReady } from '../../scripts/local/child.ts';
import { freePort } from '../../scripts/local/free-port.ts';
import { isAnswering } from '../../scripts/local/is-answering.ts';
import { type RunAs, unprivilegedUser } from '../../scripts/local/postgres-binaries.ts';
import { Problem } from '../../scripts/local/problem.ts';

/** This machine's PgBouncer, or why there is none to measure through. */
export type Installed = { readonly version: string } | { readonly lacking: string };

const OLDEST = { major: 1, minor: 21 };
const POOL_SIZE = 25;
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;

/** Debian installs it where only root looks. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` };

/** Before 1.21, PgBouncer refuses named prepared statements in transaction mode. */
export function findPgBouncer(): Installed {
  const { error, stdout } = spawnSync('pgbouncer', ['--version'], { env: ENVIRONMENT, encoding: 'utf8' });
  if (error !== undefined) return { lacking: 'no pgbouncer on the PATH' };
  const [, version, major, minor] = /^PgBouncer ((\d+)\.(\d+)\S*)/m.exec(stdout) ?? [];
  if (version === undefined) return { lacking: 'pgbouncer does not say its version' };
  const isNewEnough =
    Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
  if (isNewEnough) return { version };
  return { lacking: `pgbouncer ${version} is older than ${OLDEST.major}.${OLDEST.minor}` };
}

/**
 * Starts PgBouncer in transaction mode with as many connections as the gateway has. Like PostgreSQL it refuses to run
 * as root, so it runs as the same user.
 */
export async function startPgBouncer(
  parent: string,
  databaseUrl: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const user = await unprivilegedUser();
  const port = await freePort();
  const url = new URL(databaseUrl);
  const configuration = await configure(path.join(parent, `pgbouncer-${port}`), user, url, port);
  url.port = String(port);
  const child = startChild('pgbouncer', ['--quiet', configuration], {
    ...user,
    cwd: '/',
    env: ENVIRONMENT,
    stdio: 'ignore',
    deathSignal: 'INT',
  });
  const stop = () => child.stop('SIGINT', STOP_TIMEOUT_MS);
  const answering = () => isAnswering(url.href);
  await untilReady(child, answering, { patience: START_TIMEOUT_MS, pause: 20 }, async (why) => {
    await stop();
    throw new Problem(`PgBouncer did not start (${why})`);
  });
  return { url: url.href, stop };
}

/** Writes the configuration, with the password, readable by that user only; returns its path. */
async function configure(folder: string, user: RunAs, database: URL, port: number): Promise<string> {
  await mkdir(folder, { mode: 0o700 });
  const passwords = path.join(folder, 'users.txt');
  const file = path.join(folder, 'pgbouncer.ini');
  const quoted = [database.username, database.password].map((text) => `"${decodeURIComponent(text)}"`);
  await writeFile(passwords, `${quoted.join(' ')}\n`);
  await writeFile(file, textOf(database, port, passwords));
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const made of [folder, passwords, file]) await chown(made, user.uid, user.gid);
  }
  return file;
}

/** See https://www.pgbouncer.org/config.html. */
function textOf(database: URL, port: number, passwords: string): string {
  const name = database.pathname.slice(1);
  return `[databases]
${name} = host=${database.hostname} port=${database.port} dbname=${name}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${passwords}
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
max_prepared_statements = 100
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
`;
}
