import type { Figure, Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { oneByOne } from '../support/load.ts';
import { addTasksToMove, ENDPOINTS, fill, requestTo } from '../support/tasks.ts';
import { DIRECT } from '../support/ways.ts';

/** Statements per request: every endpoint over every way, counted by the server. */
export const statements: Figure = async (stack, { quick }) => {
  const requests = quick ? 5 : 20;
  await fill(stack.database, 1_000);
  await addTasksToMove(stack.database, 100);
  const rows: Row[] = [];
  for (const way of [DIRECT, ...stack.pooled]) {
    const worker = await stack.start(way);
    const client = new HttpClient(worker.port, 1);
    for (const endpoint of ENDPOINTS) {
      await stack.database.query('select pg_stat_statements_reset()');
      const { errors } = await oneByOne(client, requests, (number) => requestTo(endpoint, number));
      const counted = await stack.database.query<{ calls: number }>(
        `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements where query not like '%pg_stat_statements%'`,
      );
      const each = (counted.rows[0]?.calls ?? Number.NaN) / requests;
      const what = `statements per request: ${endpoint}, ${way.driver}${way.suffix}`;
      rows.push({ what, measured: `${each}`, bar: '1', met: each === 1 && errors === 0 });
    }
    client.close();
    await worker.stop();
  }
  return rows;
};
