import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { Problem } from './problem.ts';

/** The repository's root. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The production build of the Worker, as `wrangler deploy` would upload it. */
export interface WorkerBuild {
  readonly script: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** The plain variables of wrangler.toml. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Builds the Worker with wrangler into a folder; needs no account and no network. */
export function buildWorker(folder: string): WorkerBuild {
  const wrangler = path.join(ROOT, 'node_modules/.bin/wrangler');
  const args = ['deploy', '--dry-run', '--outdir', folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' };
  const build = spawnSync(wrangler, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (build.status !== 0) throw new Problem(`The Worker does not build:\n${build.stderr}`);
  const config = unstable_readConfig({ config: path.join(ROOT, 'wrangler.toml') });
  return {
    script: path.join(folder, 'index.js'),
    compatibilityDate: config.compatibility_date ?? '',
    compatibilityFlags: config.compatibility_flags,
    variables: Object.fromEntries(
      Object.entries(config.vars).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}
