import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { atRate } from '../support/load.ts';
import type { Stack } from '../support/stack.ts';
import { median, summarize } from '../support/summary.ts';
import { addTasksToMove, fill, mixed } from '../support/tasks.ts';
import { GATEWAY } from '../support/ways.ts';

const SIDES = [1, 5] as const;
const PER_SECOND = 100;
const BAR = 0.1;

/**
 * Whether projects slow each other down: one project against five at the same rate, one request in turn. Other load
 * falls on both; what a project does to itself, such as queueing writers, only on its own requests.
 */
export const projectsSideBySide: Figure = async (stack, { quick, onProgress }) => {
  const worker = await stack.start(GATEWAY);
  const client = new HttpClient(worker.port, 100);
  const runs: Awaited<ReturnType<typeof oneRun>>[] = [];
  const wanted = quick ? 1 : 3;
  for (let run = 1; run <= wanted; run += 1) {
    onProgress(`run ${run} of ${wanted}`);
    runs.push(await oneRun(stack, client, quick ? 1 : 60));
  }
  client.close();
  await worker.stop();
  const [one, five] = [median(runs.map(({ p99s }) => p99s[0])), median(runs.map(({ p99s }) => p99s[1]))];
  const errors = runs.reduce((sum, run) => sum + run.errors, 0);
  const apart = Math.abs(five / one - 1);
  const measured = `p99 ${ms(one)} with 1, ${ms(five)} with 5: ${(apart * 100).toFixed(0)} % apart, ${errors} errors`;
  const met = apart <= BAR && errors === 0;
  const row: Row = { what: 'projects side by side', measured, bar: 'at most 10 % apart, 0 errors', met };
  return [row];
};

async function oneRun({ database }: Stack, client: HttpClient, seconds: number) {
  await fill(database, 10_000);
  for (const side of SIDES) await addTasksToMove(database, PER_SECOND * (seconds + 1), side);
  const [one, five] = [mixed(SIDES[0]), mixed(SIDES[1])];
  const inTurn = (number: number) => (number % 2 === 0 ? one : five)(Math.floor(number / 2));
  await atRate(client, 2 * PER_SECOND, 1, inTurn);
  const { times, errors } = await atRate(client, 2 * PER_SECOND, seconds, inTurn);
  const p99Of = (side: number) => summarize(times.filter((_, index) => index % 2 === side)).p99;
  return { p99s: [p99Of(0), p99Of(1)] as const, errors };
}
