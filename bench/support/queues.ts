import { Logger, run, runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';

/** The same pool as the gateway's, so that all have as many connections. */
export const POOL = 25;
const QUEUE = 'bench';

/** Works off so many jobs with so many workers; resolves with the seconds that it took. */
export type QueueDrain = (url: string, database: Pool, jobs: number, workers: number) => Promise<number>;

/** Each worker fetches one job and completes it, until there is none. */
export const drainPgBoss: QueueDrain = async (connectionString, _, jobs, workers) => {
  const boss = new PgBoss({ connectionString, max: POOL, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.insert(
    QUEUE,
    Array.from({ length: jobs }, (_value, number) => ({ data: { number } })),
  );
  const work = async () => {
    for (;;) {
      const [job] = await boss.fetch(QUEUE);
      if (job === undefined) return;
      await boss.complete(QUEUE, job.id);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: workers }, work));
  const seconds = (performance.now() - began) / 1_000;
  await boss.stop({ graceful: false });
  return seconds;
};

/** Its runner with as many jobs at once as there are workers. */
export const drainGraphileWorker: QueueDrain = async (connectionString, database, jobs, workers) => {
  // It says a line about each job otherwise.
  const logger = new Logger(() => () => {});
  const options = {
    connectionString,
    maxPoolSize: POOL,
    concurrency: workers,
    noHandleSignals: true,
    logger,
  };
  await runMigrations(options);
  await database.query(`select graphile_worker.add_job('${QUEUE}', '{}') from generate_series(1, ${jobs})`);
  let left = jobs;
  let onDone = () => {};
  const done = new Promise<void>((resolve) => {
    onDone = resolve;
  });
  const work = () => {
    left -= 1;
    if (left === 0) onDone();
  };
  const began = performance.now();
  const runner = await run({ ...options, taskList: { [QUEUE]: work } });
  await done;
  const seconds = (performance.now() - began) / 1_000;
  await runner.stop();
  return seconds;
};
