import { applyMigrations } from './local/migrations.ts';
import { Problem, runMain } from './local/problem.ts';

/** Applies the migrations to the database of DATABASE_URL; safe to repeat. */
await runMain(async () => {
  const url = process.env['DATABASE_URL'];
  if (!url) {
    throw new Problem(
      'Set DATABASE_URL to the database itself, not to a pooler: DATABASE_URL=postgres://… npm run db:migrate',
    );
  }
  console.log(`Migrations applied: ${await applyMigrations(url)}`);
});
