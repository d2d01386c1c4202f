import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { oneByOne, type RequestSource } from '../support/load.ts';
import { fill, requestTo, toggleRequest } from '../support/tasks.ts';
import { GATEWAY } from '../support/ways.ts';

const SOURCES: readonly [string, RequestSource][] = [
  ['next', (number) => requestTo('next', number)],
  ['list, one page', (number) => requestTo('list', number)],
  ['move', toggleRequest],
];
const BAR = 1.25;

/** Whether a request takes longer as tasks accumulate. */
export const growth: Figure = async (stack, { quick, onProgress }) => {
  const sizes = quick ? [1_000, 10_000] : [1_000, 100_000, 1_000_000];
  const requests = quick ? 40 : 1_000;
  const medians = new Map(SOURCES.map(([name]) => [name, [] as number[]]));
  const worker = await stack.start(GATEWAY);
  const client = new HttpClient(worker.port, 1);
  for (const size of sizes) {
    onProgress(`${size} tasks`);
    await fill(stack.database, size);
    for (const [name, source] of SOURCES) {
      await oneByOne(client, quick ? 20 : 100, source);
      medians.get(name)?.push((await oneByOne(client, requests, source)).p50);
    }
  }
  client.close();
  await worker.stop();
  return [...medians].map(([name, p50s]) => growthRow(name, sizes, p50s));
};

/** Medians in milliseconds at each size, against the first one. */
export function growthRow(name: string, sizes: readonly number[], p50s: readonly number[]): Row {
  const times = p50s.map((p50) => p50 / (p50s[0] ?? Number.NaN));
  const measured = sizes
    .map((size, index) => `${ms(p50s[index] ?? Number.NaN)} (${times[index]?.toFixed(2)}) at ${size}`)
    .join(', ');
  return {
    what: `growth: ${name}`,
    measured: `p50 ${measured}`,
    bar: `at most ${BAR} times`,
    met: Math.max(...times) <= BAR,
  };
}
