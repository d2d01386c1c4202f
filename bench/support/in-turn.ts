import { BENCH_KEY, HttpClient } from './http-client.ts';
import { saturate } from './load.ts';
import { median } from './summary.ts';
import { requestTo } from './tasks.ts';

export interface Side {
  readonly port: number;
  readonly credential?: string;
}

export interface Comparison {
  readonly perSecond: number;
  /** The median over the rounds of its rate divided by the last side's. */
  readonly ratio: number;
}

const CONNECTIONS = 32;

/** Saturates GET /tasks/next of each side in turn, so that other load falls on all. */
export async function inTurn(sides: readonly Side[], quick: boolean): Promise<Comparison[]> {
  const rounds: number[][] = [];
  for (let round = 0; round <= (quick ? 1 : 15); round += 1) {
    // The last may find the machine warmer, so the order changes.
    const isForward = round % 2 === 0;
    const rates: number[] = [];
    for (const side of isForward ? sides : sides.toReversed())
      rates.push(await rateOf(side, quick ? 0.2 : 2));
    rounds.push(isForward ? rates : rates.toReversed());
  }
  // The first round warms up.
  const measured = rounds.slice(1);
  return sides.map((_, index) => ({
    perSecond: median(measured.map((rates) => rates[index] ?? Number.NaN)),
    ratio: median(measured.map((rates) => (rates[index] ?? Number.NaN) / (rates.at(-1) ?? Number.NaN))),
  }));
}

async function rateOf({ port, credential = BENCH_KEY }: Side, seconds: number): Promise<number> {
  const client = new HttpClient(port, CONNECTIONS, credential);
  const { perSecond, errors } = await saturate(client, CONNECTIONS, seconds, (number) =>
    requestTo('next', number),
  );
  client.close();
  if (errors > 0) throw new Error(`${errors} requests failed`);
  return perSecond;
}
