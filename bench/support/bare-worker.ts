import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { WorkerBuild } from '../../scripts/local/worker-build.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import type { Stack } from './stack.ts';

/** Builds a handler for the same runtime that only runs the statement of GET /tasks/next. */
export function bareWorker(stack: Stack): WorkerBuild {
  const folder = path.join(stack.folder, 'bare');
  const args = ['deploy', 'bench/support/bare-handler.ts', '--env', 'neon', '--dry-run', '--outdir', folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' };
  const build = spawnSync(path.join(ROOT, 'node_modules/.bin/wrangler'), args, {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  if (build.status !== 0) throw new Error(build.stderr);
  return { ...stack.builds.neon, script: path.join(folder, 'bare-handler.js') };
}
