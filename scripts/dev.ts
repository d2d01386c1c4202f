import path from 'node:path';
import { FOR_EVERYBODY } from './local/access.ts';
import { startChild } from './local/child.ts';
import { Problem, runMain } from './local/problem.ts';
import { openLocalDatabase } from './local/service.ts';
import { untilToldToStop } from './local/until-told-to-stop.ts';
import { ROOT } from './local/worker-build.ts';

/**
 * Tells the Worker that it is not deployed (src/config/access.ts); the text replaces the version that `wrangler dev`
 * makes up. A key in .dev.vars overrides ALLOW_ANONYMOUS.
 */
const LOCAL = Object.entries({ ...FOR_EVERYBODY, CF_VERSION_METADATA: 'local' }).flatMap(([name, value]) => [
  '--var',
  `${name}:${value}`,
]);

/** Runs `wrangler dev` on the database of `npm start`; passes its arguments on. */
await runMain(async () => {
  const toldToStop = untilToldToStop();
  const dataDir = path.join(ROOT, '.local');
  const database = await openLocalDatabase(dataDir, process.env['DATABASE_URL'] || undefined, (what) =>
    console.log(what),
  );
  console.log(
    'ALLOW_ANONYMOUS=true: unless .dev.vars has a key, whoever reaches it may read and write every project',
  );
  const wrangler = startChild(
    path.join(ROOT, 'node_modules/.bin/wrangler'),
    ['dev', ...LOCAL, ...process.argv.slice(2)],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: database.url,
        WRANGLER_SEND_METRICS: 'false',
      },
      deathSignal: 'INT',
    },
  );
  const why = await Promise.race([toldToStop, wrangler.ended, database.ended]);
  await wrangler.stop('SIGINT', 5_000);
  await database.stop();
  if (why !== undefined) throw new Problem(`wrangler dev ended: ${why}`);
  process.exit(0);
});
