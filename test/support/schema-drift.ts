import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../scripts/local/worker-build.ts';

const SCHEMA = path.join(ROOT, 'src/db/schema.ts');

/** Checks the migrations against a schema that differs from the committed one in one place, which has to be there. */
export async function checkSchemaWith(
  from: string,
  to: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const source = await readFile(SCHEMA, 'utf8');
  if (!source.includes(from)) throw new Error(`The schema has no ${from}`);
  // Inside the repository, so that its imports are found.
  const folder = await mkdtemp(path.join(ROOT, '.drift-'));
  const changed = source.replace(from, to).replaceAll('../domain/', '../src/domain/');
  await writeFile(path.join(folder, 'schema.ts'), changed);
  const args = ['scripts/check-migrations.ts', path.join(path.basename(folder), 'schema.ts')];
  const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  await rm(folder, { recursive: true });
  return { status: run.status, output: run.stdout + run.stderr };
}
