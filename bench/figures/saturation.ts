import { bareWorker } from '../support/bare-worker.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { inTurn } from '../support/in-turn.ts';
import { saturate } from '../support/load.ts';
import { addTasksToMove, ENDPOINTS, type Endpoint, fill, requestTo } from '../support/tasks.ts';
import { GATEWAY, overEach } from '../support/ways.ts';

const USES_TASKS_UP: ReadonlySet<Endpoint> = new Set<Endpoint>(['move', 'claim']);

/** The maximum rate of each endpoint on this machine, the load generator included. */
export const saturation: Figure = (stack, { quick, onProgress }) =>
  overEach(stack.pooled, async (way) => {
    const seconds = quick ? 0.1 : 5;
    const rows: Row[] = [];
    const worker = await stack.start(way);
    for (const endpoint of ENDPOINTS) {
      for (const connections of [32, 100]) {
        onProgress(`${endpoint} over ${connections} connections${way.suffix}`);
        await fill(stack.database, quick ? 1_000 : 10_000);
        if (USES_TASKS_UP.has(endpoint)) await addTasksToMove(stack.database, 8_000 * seconds);
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

/**
 * What routing, validation, log and CORS cost: GET /tasks/next against a bare handler, in turn. The bar excludes
 * authentication, which has its own figure, so it applies to anonymous access; the other is shown beside it.
 */
export const ownCost: Figure = async (stack, { quick }) => {
  await fill(stack.database, 10_000);
  const workers = [
    await stack.start(GATEWAY),
    await stack.start(GATEWAY, { access: { ALLOW_ANONYMOUS: 'true' } }),
    await stack.start(GATEWAY, { build: bareWorker(stack) }),
  ];
  const [keyed, open, bare] = await inTurn(workers, quick);
  for (const worker of workers) await worker.stop();
  if (!(keyed && open && bare)) throw new Error('Each side has a result');
  const rates = [open, bare].map(({ perSecond }) => perSecond.toFixed(0)).join(' against ');
  return [
    {
      what: "the stack's own cost: next against a bare handler",
      measured: `${open.ratio.toFixed(3)} (${rates} requests/s), ${keyed.ratio.toFixed(3)} with a key`,
      bar: 'at least 0.90',
      met: open.ratio >= 0.9,
    },
  ];
};
