import { Logger, run, runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';

/** The gateway's pool size, so that all have as many connections. */
export const POOL = 25;
const QUEUE = 'bench';

/** Works off that many jobs with that many workers; resolves with seconds. */
export type QueueDrain = (url: string, database: Pool, jobs: number, workers: number) => Promise<number>;

/** Each worker fetches and completes one job at a time until none is left. */
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

/** Its runner takes one job per worker at once. */
export const drainGraphileWorker: QueueDrain = async (connectionString, database, jobs, workers) => {
  // Otherwise it logs every job.
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
