import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { ROOT } from '../local/worker-build.ts';

/** A script or style sheet with all that it imports in one file, for browsers of the last four years. */
export async function bundled(source: string, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [path.join(ROOT, source)],
    bundle: true,
    minify: true,
    target: ['es2022', 'chrome109', 'firefox109', 'safari16'],
    write: false,
    logLevel: 'silent',
  });
  // Files that are not written always have their bytes.
  return (outputFiles ?? []).map(({ text }) => text).join('');
}
