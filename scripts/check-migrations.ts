import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem, runMain } from './local/problem.ts';

const [schema = 'src/db/schema/index.ts'] = process.argv.slice(2);

/** Fails when drizzle-kit would generate a migration: the schema and the migrations differ. */
await runMain(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  try {
    await cp('drizzle', folder, { recursive: true });
    // drizzle-kit reads every path as relative.
    const out = path.relative('.', folder);
    const args = ['generate', '--dialect', 'postgresql', '--schema', schema, '--out', out];
    const run = spawnSync('node_modules/.bin/drizzle-kit', args, { encoding: 'utf8' });
    // Its exit code says little: where it would ask about a renamed column, it exits 0 without a migration.
    if (run.status !== 0 || !run.stdout.includes('No schema changes')) {
      throw new Problem(
        `The migrations are behind src/db/schema: run npm run db:generate and commit drizzle/\n${run.stdout}${run.stderr}`,
      );
    }
    console.log('Schema and migrations are in step');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
