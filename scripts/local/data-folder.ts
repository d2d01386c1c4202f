import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canReach, type RunAs, SYSTEM_HOME } from './postgres-binaries.ts';

export interface DataFolder {
  /** The cluster's folder, owned by the user that runs PostgreSQL. */
  readonly home: string;
  readonly cluster: string;
  readonly password: string;
}

/**
 * Finds or makes a local database's folder below `root`. If PostgreSQL's user cannot reach that, as in /root, the data
 * lies in /var/lib and `root` has a link to it.
 */
export async function openDataFolder(root: string, user: RunAs): Promise<DataFolder> {
  await mkdir(root, { recursive: true });
  const link = path.join(root, 'postgres');
  // A link without a target counts as no folder.
  if (!existsSync(link)) await rm(link, { force: true });
  const home = existsSync(link) ? await followed(link) : await createHome(link, user);
  return { home, cluster: path.join(home, 'cluster'), password: await passwordIn(root) };
}

async function followed(link: string): Promise<string> {
  return readlink(link).catch(() => link);
}

async function createHome(link: string, user: RunAs): Promise<string> {
  const home = canReach(user, path.dirname(link)) ? link : await elsewhere(link);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) await chown(home, user.uid, user.gid);
  return home;
}

async function elsewhere(link: string): Promise<string> {
  await mkdir(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  const home = await mkdtemp(path.join(SYSTEM_HOME, 'data-'));
  await symlink(home, link);
  return home;
}

/** Made on first use, and readable by nobody else. */
async function passwordIn(root: string): Promise<string> {
  const file = path.join(root, 'database-password');
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  }
  return (await readFile(file, 'utf8')).trim();
}

/** The owner of an existing folder, so that later changes of the system's users do no harm. */
export async function ownerOf(folder: string, fallback: RunAs): Promise<RunAs> {
  if (fallback.uid === undefined) return fallback;
  const { uid, gid } = await stat(folder);
  return uid === 0 ? fallback : { uid, gid };
}
