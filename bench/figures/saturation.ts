import { bareWorker } from '../support/bare-worker.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { saturate } from '../support/load.ts';
import { median } from '../support/summary.ts';
import { addTasksToMove, ENDPOINTS, fill, requestTo } from '../support/tasks.ts';
import { GATEWAY, overEach } from '../support/ways.ts';

/** The most that each endpoint does on this machine, the load generator included. */
export const saturation: Figure = (stack, { quick, onProgress }) =>
  overEach(stack.pooled, async (way) => {
    const seconds = quick ? 0.5 : 5;
    const rows: Row[] = [];
    const worker = await stack.start(way);
    for (const endpoint of ENDPOINTS) {
      for (const connections of [32, 100]) {
        onProgress(`${endpoint} over ${connections} connections${way.suffix}`);
        await fill(stack.database, 10_000);
        if (endpoint === 'move') await addTasksToMove(stack.database, 8_000 * seconds);
        const client = new HttpClient(worker.port, connections);
        const { perSecond, p99, errors } = await saturate(client, connections, seconds, (number) =>
          requestTo(endpoint, number),
        );
        client.close();
        const measured = `${perSecond.toFixed(0)} requests/s, p99 ${ms(p99)}, ${errors} errors`;
        rows.push({ what: `saturation: ${endpoint}, ${connections} connections`, measured, bar: 'reported' });
      }
    }
    await worker.stop();
    return rows;
  });

/** What routing, validation, log and CORS cost: GET /tasks/next against a handler without them, in turn. */
export const ownCost: Figure = async (stack, { quick }) => {
  await fill(stack.database, 10_000);
  const [service, bare] = [
    await stack.start(GATEWAY),
    await stack.start(GATEWAY, { build: bareWorker(stack) }),
  ];
  const ratios: number[] = [];
  const rates: [number, number][] = [];
  for (let round = 0; round <= (quick ? 3 : 9); round += 1) {
    const pair: number[] = [];
    for (const { port } of [service, bare]) {
      const client = new HttpClient(port, 32);
      const { perSecond } = await saturate(client, 32, quick ? 0.5 : 3, (number) =>
        requestTo('next', number),
      );
      pair.push(perSecond);
      client.close();
    }
    const [own = Number.NaN, other = Number.NaN] = pair;
    // The first round warms up.
    if (round > 0) {
      ratios.push(own / other);
      rates.push([own, other]);
    }
  }
  await service.stop();
  await bare.stop();
  const ratio = median(ratios);
  const [own, other] = [0, 1].map((side) => median(rates.map((pair) => pair[side] ?? Number.NaN)).toFixed(0));
  const measured = `${ratio.toFixed(2)} (${own} against ${other} requests/s)`;
  return [
    {
      what: "the stack's own cost: next against a bare handler",
      measured,
      bar: 'at least 0.85',
      met: ratio >= 0.85,
    },
  ];
};
