import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { atRate } from '../support/load.ts';
import type { Stack } from '../support/stack.ts';
import { median, summarize } from '../support/summary.ts';
import { addTasksToMove, fill, mixed } from '../support/tasks.ts';
import { GATEWAY } from '../support/ways.ts';

const SIDES = [1, 5] as const;
const RUNS = 3;
const PER_SECOND = 200;
const SLICE_SECONDS = 0.5;
const BAR = 0.1;

/**
 * Whether several projects slow each other down: the same rate in one project and spread over five. The two take
 * short turns against one Worker, so that what else the machine does falls on both.
 */
export const projectsSideBySide: Figure = async (stack, { quick, onProgress }) => {
  const worker = await stack.start(GATEWAY);
  const client = new HttpClient(worker.port, 100);
  const runs: Awaited<ReturnType<typeof oneRun>>[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    onProgress(`run ${run} of ${RUNS}`);
    runs.push(await oneRun(stack, client, quick ? 5 : 40));
  }
  client.close();
  await worker.stop();
  const [one, five] = [median(runs.map((run) => run.p99s[1])), median(runs.map((run) => run.p99s[5]))];
  const errors = runs.reduce((sum, run) => sum + run.errors, 0);
  const apart = Math.abs(five / one - 1);
  const measured = `p99 ${ms(one)} with 1, ${ms(five)} with 5: ${(apart * 100).toFixed(0)} % apart, ${errors} errors`;
  const met = apart <= BAR && errors === 0;
  const row: Row = { what: 'projects side by side', measured, bar: 'at most 10 % apart, 0 errors', met };
  return [row];
};

/** That many slices of each side; which of the two begins changes each time. The first pair warms up. */
async function oneRun({ database }: Stack, client: HttpClient, slices: number) {
  await fill(database, 10_000);
  for (const side of SIDES) {
    await addTasksToMove(database, PER_SECOND * SLICE_SECONDS * (slices + 1), side);
  }
  const times: Record<(typeof SIDES)[number], number[]> = { 1: [], 5: [] };
  let errors = 0;
  for (let slice = 0; slice <= slices; slice += 1) {
    for (const side of slice % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const result = await atRate(client, PER_SECOND, SLICE_SECONDS, mixed(side));
      errors += result.errors;
      if (slice > 0) times[side].push(...result.times);
    }
  }
  return { p99s: { 1: summarize(times[1]).p99, 5: summarize(times[5]).p99 }, errors };
}
