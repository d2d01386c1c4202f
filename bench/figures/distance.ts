import { Client } from 'pg';
import { startDelayProxy } from '../support/delay-proxy.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { oneByOne, type RequestSource } from '../support/load.ts';
import { summarize } from '../support/summary.ts';
import { addTasksToMove, ENDPOINTS, fill, requestTo } from '../support/tasks.ts';
import { overEach } from '../support/ways.ts';

const ROUND_TRIP_MS = 40;
const BAR_MS = ROUND_TRIP_MS + 5;
/** Lets each connection plan its statements and the Worker compile its code. */
const WARM_UP = { connections: 8, requests: 50, quickRequests: 1 };

/**
 * The cost of a far database: over 40 ms and a pooled connection, each request takes one round trip. The near one gets
 * requests at the same pace, because a process that slept answers more slowly.
 */
export const distance: Figure = async (stack, { quick }) => {
  const requests = quick ? 3 : 100;
  const warmUpRequests = quick ? WARM_UP.quickRequests : WARM_UP.requests;
  const near = stack.postgres.url();
  const proxy = await startDelayProxy(Number(new URL(near).port), ROUND_TRIP_MS / 2);
  const far = new URL(near);
  far.port = String(proxy.port);
  const added = (await roundTrip(far.href, requests)) - (await roundTrip(near, requests));
  const what = `distance of ${ROUND_TRIP_MS} ms`;
  const check: Row = { what: `${what}: added to select 1`, measured: `p50 ${ms(added)}`, bar: 'reported' };
  const rows = await overEach(stack.pooled, async (way) => {
    await fill(stack.database, 10_000);
    await addTasksToMove(stack.database, 2 * (requests + WARM_UP.connections * warmUpRequests));
    const worker = await stack.start(way, { databaseUrl: far.href });
    const nearWorker = await stack.start(way);
    const client = new HttpClient(worker.port, 1);
    const nearClient = new HttpClient(nearWorker.port, 1);
    const rows: Row[] = [];
    for (const endpoint of ENDPOINTS) {
      const source = (number: number) => requestTo(endpoint, number);
      for (const each of [worker, nearWorker]) await warmUp(each.port, warmUpRequests, source);
      const { p50, errors } = await oneByOne(client, requests, source);
      const beside = await oneByOne(nearClient, requests, source, ROUND_TRIP_MS);
      const measured = `p50 ${ms(p50)}, ${errors} errors; without the distance ${ms(beside.p50)}`;
      const bar = `at most ${BAR_MS} ms, 0 errors`;
      rows.push({ what: `${what}: ${endpoint}`, measured, bar, met: p50 <= BAR_MS && errors === 0 });
    }
    for (const each of [client, nearClient]) each.close();
    for (const each of [worker, nearWorker]) await each.stop();
    return rows;
  });
  await proxy.stop();
  return [check, ...rows];
};

async function warmUp(port: number, requests: number, source: RequestSource): Promise<void> {
  const client = new HttpClient(port, WARM_UP.connections);
  const connections = Array.from({ length: WARM_UP.connections }, () => oneByOne(client, requests, source));
  await Promise.all(connections);
  client.close();
}

/** The median of statements that do nothing, over one connection. */
async function roundTrip(url: string, count: number): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const began = performance.now();
    await client.query('select 1');
    times.push(performance.now() - began);
  }
  await client.end();
  return summarize(times).p50;
}
