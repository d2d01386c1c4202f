import path from 'node:path';
import { startChild } from './local/child.ts';
import { Problem, runMain } from './local/problem.ts';
import { openLocalDatabase } from './local/service.ts';
import { untilToldToStop } from './local/until-told-to-stop.ts';
import { ROOT } from './local/worker-build.ts';

/** Runs `wrangler dev` on the database of `npm start`; arguments are passed on to wrangler. */
await runMain(async () => {
  const toldToStop = untilToldToStop();
  const dataDir = path.resolve('.local');
  const database = await openLocalDatabase(dataDir, process.env['DATABASE_URL'] || undefined, (what) =>
    console.log(what),
  );
  const wrangler = startChild(
    path.join(ROOT, 'node_modules/.bin/wrangler'),
    ['dev', ...process.argv.slice(2)],
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
