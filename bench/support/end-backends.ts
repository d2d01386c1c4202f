import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** Now and then ends a database connection, busy or not, until stopped. */
export function endBackends(database: Pool, everyMs: number): { stop(): Promise<number> } {
  let isOver = false;
  let ended = 0;
  const ending = (async () => {
    while (!isOver) {
      const { rowCount } = await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
         order by random() limit 1`,
      );
      ended += rowCount ?? 0;
      await sleep(everyMs);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await ending;
      return ended;
    },
  };
}
