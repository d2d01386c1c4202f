import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { DriverName } from '../../src/db/target.ts';
import { Problem } from './problem.ts';
import { keyOfSources } from './source-key.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The production build of the Worker, as `wrangler deploy` would upload it. */
export interface WorkerBuild {
  readonly script: string;
  /** The folder of the files that are deployed beside it. */
  readonly assets: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** The plain variables of wrangler.toml. */
  readonly variables: Readonly<Record<string, string>>;
}

type Manifest = Omit<WorkerBuild, 'script'>;

const BUILDS = path.join(ROOT, 'node_modules/.cache/task-tracker/worker');
const KEPT_BUILDS = 5;
const SCRIPT = 'index.js';
const MANIFEST = 'manifest.json';
/** Everything that a build depends on; the lock file stands for node_modules. */
const SOURCES = ['src', 'package.json', 'package-lock.json', 'wrangler.toml'];

/**
 * Builds the current sources for one driver with wrangler, without an account or a network, or returns an earlier build
 * of the same sources. Throws a Problem where they do not build.
 */
export async function buildWorker(driver: DriverName): Promise<WorkerBuild> {
  const folder = path.join(BUILDS, `${driver}-${await keyOfSources(ROOT, SOURCES)}`);
  return (await readBuild(folder)) ?? (await build(folder, driver));
}

async function readBuild(folder: string): Promise<WorkerBuild | undefined> {
  const manifest = await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (manifest === undefined) return undefined;
  // The oldest builds are removed, so one in use counts as new; another user may only read it.
  await utimes(folder, new Date(), new Date()).catch(() => undefined);
  // Only `build` writes there.
  return toBuild(folder, JSON.parse(manifest) as Manifest);
}

function toBuild(folder: string, manifest: Manifest): WorkerBuild {
  return { ...manifest, script: path.join(folder, SCRIPT), assets: path.join(ROOT, manifest.assets) };
}

/** Builds beside the place and renames, so that nobody finds half a build; of two at once, one stays. */
async function build(folder: string, driver: DriverName): Promise<WorkerBuild> {
  const unfinished = await makeFolder();
  try {
    ensureHome(unfinished);
    runWrangler(unfinished, driver);
    const manifest = await readManifest(driver);
    await writeFile(path.join(unfinished, MANIFEST), JSON.stringify(manifest));
    await rename(unfinished, folder).catch(() => undefined);
    await removeOldBuilds();
    return toBuild(folder, manifest);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function makeFolder(): Promise<string> {
  try {
    await mkdir(BUILDS, { recursive: true });
    return await mkdtemp(path.join(BUILDS, '.unfinished-'));
  } catch {
    throw new Problem(`The Worker cannot be built: let this user write to ${BUILDS}`);
  }
}

/** wrangler fails if the home folder is closed to the user or unknown; any other will do. */
function ensureHome(folder: string): void {
  try {
    accessSync(homedir(), constants.X_OK);
  } catch {
    process.env['HOME'] = folder;
  }
}

/** The environment of wrangler.toml whose build has a driver; the empty one is that at the top. */
const ENVIRONMENTS: Readonly<Record<DriverName, string>> = { hyperdrive: '', neon: 'neon' };

function runWrangler(outdir: string, driver: DriverName): void {
  const wrangler = path.join(ROOT, 'node_modules/.bin/wrangler');
  const args = ['deploy', '--dry-run', '--outdir', outdir, '--env', ENVIRONMENTS[driver]];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' };
  const run = spawnSync(wrangler, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (run.status !== 0) throw new Problem(`The Worker does not build:\n${run.stderr}`);
}

async function readManifest(driver: DriverName): Promise<Manifest> {
  // On demand: loading wrangler takes longer than the rest of a start.
  const { unstable_readConfig } = await import('wrangler');
  const config = unstable_readConfig({
    config: path.join(ROOT, 'wrangler.toml'),
    env: ENVIRONMENTS[driver],
  });
  return {
    assets: path.relative(ROOT, path.resolve(ROOT, config.assets?.directory ?? '')),
    compatibilityDate: config.compatibility_date ?? '',
    compatibilityFlags: config.compatibility_flags,
    variables: Object.fromEntries(
      Object.entries(config.vars).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}

async function removeOldBuilds(): Promise<void> {
  const builds = await Promise.all(
    (await readdir(BUILDS)).map(async (name) => {
      const folder = path.join(BUILDS, name);
      return { folder, used: (await stat(folder).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  const old = builds.sort((one, other) => other.used - one.used).slice(KEPT_BUILDS);
  for (const { folder } of old) await rm(folder, { recursive: true, force: true });
}
