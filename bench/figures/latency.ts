import { type Figure, ms } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { atRate, inBursts } from '../support/load.ts';
import { addTasksToMove, fill, mixed, requestTo } from '../support/tasks.ts';
import { overEach } from '../support/ways.ts';

/** Client latency at the story's 100 requests a second, its four endpoints mixed over five projects. */
export const steadyRate: Figure = (stack, { quick }) =>
  overEach(stack.pooled, async (way) => {
    const seconds = quick ? 1 : 60;
    await fill(stack.database, 10_000);
    await addTasksToMove(stack.database, 100 * seconds, 5);
    const worker = await stack.start(way);
    const client = new HttpClient(worker.port, 100);
    await atRate(client, 100, quick ? 0.5 : 2, (number) => requestTo('next', number));
    const { p50, p95, p99, errors } = await atRate(client, 100, seconds, mixed(5));
    client.close();
    await worker.stop();
    const measured = `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, ${errors} errors`;
    const what = `100 requests/s for ${seconds} s, mixed, 5 projects`;
    return [{ what, measured, bar: 'p99 < 50 ms, 0 errors', met: p99 < 50 && errors === 0 }];
  });

/** The story's scenario 10: a hundred agents ask for the next task at once. */
export const bursts: Figure = (stack, { quick }) =>
  overEach(stack.pooled, async (way) => {
    await fill(stack.database, 100);
    const worker = await stack.start(way);
    const client = new HttpClient(worker.port, 100);
    await inBursts(client, 100, 2, (number) => requestTo('next', number));
    const { p99, errors } = await inBursts(client, 100, quick ? 3 : 20, (number) =>
      requestTo('next', number),
    );
    client.close();
    await worker.stop();
    const measured = `p99 ${ms(p99)}, ${errors} errors`;
    const met = p99 < 200 && errors === 0;
    return [{ what: '100 at once on /tasks/next', measured, bar: 'p99 < 200 ms, 0 errors', met }];
  });
