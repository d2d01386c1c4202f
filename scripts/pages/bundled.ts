import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { minify } from 'terser';
import { ROOT } from '../local/worker-build.ts';

/** For browsers of the last four years. */
const TARGET = ['es2022', 'chrome109', 'firefox109', 'safari16'];

/** A style sheet with all that it imports in one file. */
export async function bundledStyle(source: string): Promise<string> {
  return await bundled(source, {});
}

/** A module with all that it imports in one file. */
export async function bundledScript(source: string, options: BuildOptions = {}): Promise<string> {
  const script = await bundled(source, { format: 'esm', ...options });
  // It leaves out dead code that esbuild keeps: a twentieth, once compressed.
  const { code } = await minify(script, { module: true, ecma: 2020, compress: { passes: 3 } });
  if (code === undefined) throw new Error(`${source} became nothing`);
  return `${code}\n`;
}

async function bundled(source: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [path.join(ROOT, source)],
    bundle: true,
    minify: true,
    target: TARGET,
    write: false,
    logLevel: 'silent',
  });
  // Files that are not written always have their bytes.
  return (outputFiles ?? []).map(({ text }) => text).join('');
}
