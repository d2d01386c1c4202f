import { startDelayProxy } from '../support/delay-proxy.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { oneByOne } from '../support/load.ts';
import { addTasksToMove, ENDPOINTS, fill, requestTo } from '../support/tasks.ts';

const ROUND_TRIP_MS = 40;
const BAR_MS = ROUND_TRIP_MS + 5;

/** What a far database costs: with a pooled connection over 40 ms, each request takes one round trip. */
export const distance: Figure = async (stack, { quick }) => {
  const requests = quick ? 20 : 100;
  await fill(stack.database, 10_000);
  await addTasksToMove(stack.database, requests + 5);
  const url = new URL(stack.postgres.url());
  const proxy = await startDelayProxy(Number(url.port), ROUND_TRIP_MS / 2);
  url.port = String(proxy.port);
  const worker = await stack.start('neon', { databaseUrl: url.href });
  const client = new HttpClient(worker.port, 1);
  await oneByOne(client, 5, (number) => requestTo('next', number));
  const rows: Row[] = [];
  for (const endpoint of ENDPOINTS) {
    const { p50, errors } = await oneByOne(client, requests, (number) => requestTo(endpoint, number));
    const met = p50 <= BAR_MS && errors === 0;
    rows.push({
      what: `distance of 40 ms: ${endpoint}`,
      measured: `p50 ${ms(p50)}`,
      bar: `at most ${BAR_MS} ms`,
      met,
    });
  }
  client.close();
  await worker.stop();
  await proxy.stop();
  return rows;
};
