import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../scripts/local/worker-build.ts';

const SCHEMA = path.join(ROOT, 'src/db/schema');

/** Checks the migrations against a schema that differs from the committed one in one place, which has to be there. */
export async function checkSchemaWith(
  from: string,
  to: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  // Inside the repository and as deep as the original, so that its imports are found.
  const root = await mkdtemp(path.join(ROOT, '.drift-'));
  await symlink(path.join(ROOT, 'src/domain'), path.join(root, 'domain'));
  const folder = path.join(root, 'db/schema');
  await cp(SCHEMA, folder, { recursive: true });
  const isThere = await replaceIn(folder, from, to);
  if (!isThere) throw new Error(`The schema has no ${from}`);
  const args = ['scripts/check-migrations.ts', path.relative(ROOT, path.join(folder, 'index.ts'))];
  const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  await rm(root, { recursive: true });
  return { status: run.status, output: run.stdout + run.stderr };
}

async function replaceIn(folder: string, from: string, to: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const source = await readFile(file, 'utf8');
    if (!source.includes(from)) continue;
    await writeFile(file, source.replace(from, to));
    return true;
  }
  return false;
}
