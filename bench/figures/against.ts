import { ROOT } from '../../scripts/local/worker-build.ts';
import { type Extent, type Figure, ms, type Row } from '../support/figure.ts';
import { checkOut } from '../support/older-tree.ts';
import { openSide, type Side } from '../support/side.ts';
import type { Stack } from '../support/stack.ts';
import { median, quantile } from '../support/summary.ts';

const PROJECT = 'against';
const BATCH = 500;
const WARM_UP = 20;
/** As many agents as claim in the other figures. */
const AGENTS = 64;

type Sides = readonly [older: Side, current: Side];
/** The milliseconds of each thing that one turn does. */
type Turn = Readonly<Record<string, number>>;

interface Plan {
  readonly rounds: number;
  readonly turns: number;
  /** Does everything once; the number is its own. */
  readonly turn: (side: Side, number: number) => Promise<Turn>;
}

/** One connection by itself claims, completes and moves; the two trees take turns. */
export const singleConnection: Figure = (stack, extent) =>
  beside(stack, extent, async (sides) => {
    const [rounds, turns] = extent.quick ? [2, 50] : [15, 200];
    for (const side of sides) await fill(side, rounds * turns + WARM_UP);
    const ratios = await compare(sides, { rounds, turns, turn: claimCompleteMove });
    return ['claim', 'completion', 'move'].map((verb) => rowOf(verb, ratios, extent, 0.6));
  });

/** Adds batches of the greatest size; the two trees take turns. */
export const batch: Figure = (stack, extent) =>
  beside(stack, extent, async (sides) => {
    const [rounds, turns] = extent.quick ? [2, 3] : [9, 10];
    const ratios = await compare(sides, { rounds, turns, turn: addBatch });
    return [rowOf(`batch of ${BATCH}`, ratios, extent, 1.3)];
  });

async function beside(
  { postgres, database }: Stack,
  { against, onProgress }: Extent,
  measure: (sides: Sides) => Promise<Row[]>,
): Promise<Row[]> {
  onProgress(`beside ${against}`);
  const tree = await checkOut(against);
  const names = ['against_older', 'against_current'] as const;
  const sides: Side[] = [];
  try {
    const older = await openSide(tree.root, postgres.url(names[0]), database);
    sides.push(older);
    const current = await openSide(ROOT, postgres.url(names[1]), database);
    sides.push(current);
    return await measure([older, current]);
  } finally {
    for (const side of sides) await side.close();
    for (const name of names) await database.query(`drop database if exists ${name} (force)`);
    await tree.remove();
  }
}

/** Half of the tasks to claim, half to move without a claim. */
async function fill({ database }: Side, count: number): Promise<void> {
  await database.query(
    `insert into tasks (task_id, project_id, description, max_attempts)
     select 'TASK-' || n, $1 || '-' || kind, 'Do it', 100
     from generate_series(0, $2::int - 1) as n, unnest(array['claim', 'move']) as kind`,
    [PROJECT, count],
  );
  await database.query('vacuum analyze tasks');
}

async function claimCompleteMove(side: Side, number: number): Promise<Turn> {
  const claimed = await side.run('claim', {
    project_id: `${PROJECT}-claim`,
    agent_id: `agent-${number % AGENTS}`,
  });
  // The service documents this form, and there are as many tasks as turns.
  const { task, claim } = claimed.output as { task: { task_id: string }; claim: { token: unknown } };
  const completed = await side.run('move', {
    task_id: task.task_id,
    project: `${PROJECT}-claim`,
    status: 'completed',
    claim_token: claim.token,
  });
  const moved = await side.run('move', {
    task_id: `TASK-${number}`,
    project: `${PROJECT}-move`,
    status: 'in_progress',
  });
  return { claim: claimed.time, completion: completed.time, move: moved.time };
}

async function addBatch(side: Side, number: number): Promise<Turn> {
  const tasks = Array.from({ length: BATCH }, (_, index) => ({
    task_id: `BATCH${number}-${index}`,
    project_id: PROJECT,
    description: `Generate number ${index}`,
  }));
  return { [`batch of ${BATCH}`]: (await side.run('add', { tasks })).time };
}

/** The times of each round. */
interface Compared {
  readonly older: number[][];
  readonly current: number[][];
}

/** All times, by what was done. The sides alternate, and so does which of them begins. */
async function compare(sides: Sides, { rounds, turns, turn }: Plan): Promise<Map<string, Compared>> {
  let number = 0;
  const once = async () => {
    const isSwapped = number % 2 === 1;
    const first = await turn(sides[isSwapped ? 1 : 0], number);
    const second = await turn(sides[isSwapped ? 0 : 1], number);
    number += 1;
    return isSwapped ? [second, first] : [first, second];
  };
  for (let index = 0; index < WARM_UP; index += 1) await once();
  const compared = new Map<string, Compared>();
  for (let round = 0; round < rounds; round += 1) {
    const done: Turn[][] = [];
    for (let index = 0; index < turns; index += 1) done.push(await once());
    for (const what of Object.keys(done[0]?.[0] ?? {})) {
      const of = (side: 0 | 1) => done.map((pair) => pair[side]?.[what] ?? Number.NaN);
      const { older, current } = compared.get(what) ?? { older: [], current: [] };
      compared.set(what, { older: [...older, of(0)], current: [...current, of(1)] });
    }
  }
  return compared;
}

/** The bar is for the median of the ratios; on a machine with other work, the fastest tenth tells more. */
function rowOf(what: string, all: ReadonlyMap<string, Compared>, extent: Extent, bar: number): Row {
  const { older, current } = all.get(what) ?? { older: [], current: [] };
  const ratio = median(current.map((times, round) => median(times) / median(older[round] ?? [])));
  const [was, is] = [older, current].map((rounds) => median(rounds.map(median)));
  const [wasFast, isFast] = [older, current].map((rounds) => fastestTenth(rounds.flat()));
  return {
    what: `${what} on one connection, beside ${extent.against}`,
    measured:
      `${ms(is ?? 0)} beside ${ms(was ?? 0)}: ${ratio.toFixed(2)}; ` +
      `the fastest tenth within ${ms(isFast ?? 0)} beside ${ms(wasFast ?? 0)}: ${((isFast ?? 0) / (wasFast ?? 1)).toFixed(2)}`,
    bar: `at most ${bar}`,
    ...(extent.quick ? {} : { met: ratio <= bar }),
  };
}

function fastestTenth(times: readonly number[]): number {
  return quantile(
    times.toSorted((a, b) => a - b),
    0.1,
  );
}
