import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem, runMain } from './local/problem.ts';

/** Fails when drizzle-kit would generate a migration, which means that schema and migrations differ. */
await runMain(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  try {
    await cp('drizzle', folder, { recursive: true });
    const before = await readdir(folder);
    const args = ['generate', '--dialect', 'postgresql', '--schema', 'src/db/schema.ts', '--out', folder];
    const run = spawnSync('node_modules/.bin/drizzle-kit', args, { encoding: 'utf8' });
    if (run.status !== 0) throw new Problem(`drizzle-kit generate failed:\n${run.stdout}${run.stderr}`);
    const added = (await readdir(folder)).filter((file) => !before.includes(file));
    if (added.length > 0) {
      throw new Problem(
        'The migrations are behind src/db/schema.ts: run npm run db:generate and commit drizzle/',
      );
    }
    console.log('Schema and migrations are in step');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
