import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Problem, runMain } from '../scripts/local/problem.ts';
import { ROOT } from '../scripts/local/worker-build.ts';
import { batch, singleConnection } from './figures/against.ts';
import { authenticationCost } from './figures/authentication.ts';
import { claimGrowth } from './figures/claim-growth.ts';
import { besideQueues, unreliableAgents } from './figures/claims.ts';
import { crowdedClaims, heartbeats, heldHorizon } from './figures/crowd.ts';
import { distance } from './figures/distance.ts';
import { blockedClaims, dependents, largeGraph } from './figures/graph.ts';
import { growth } from './figures/growth.ts';
import { bursts, steadyRate } from './figures/latency.ts';
import { reservations } from './figures/reservations.ts';
import { restart } from './figures/restart.ts';
import { ownCost, saturation } from './figures/saturation.ts';
import { projectsSideBySide } from './figures/side-by-side.ts';
import { sizeAndStart } from './figures/size.ts';
import { statements } from './figures/statements.ts';
import { tokens } from './figures/tokens.ts';
import { waiting } from './figures/waiting.ts';
import type { Figure, Row } from './support/figure.ts';
import { type Stack, startStack } from './support/stack.ts';

const FIGURES: Readonly<Record<string, Figure>> = {
  statements,
  'steady rate': steadyRate,
  bursts,
  saturation,
  'own cost': ownCost,
  authentication: authenticationCost,
  growth,
  'claim growth': claimGrowth,
  'crowded claims': crowdedClaims,
  'blocked claims': blockedClaims,
  dependents,
  'large graph': largeGraph,
  heartbeats,
  'held horizon': heldHorizon,
  waiting,
  'unreliable agents': unreliableAgents,
  restart,
  'beside queues': besideQueues,
  'single connection': singleConnection,
  batch,
  distance,
  reservations,
  'projects side by side': projectsSideBySide,
  'size and start': sizeAndStart,
  tokens,
};

/** The last commit before the log. */
const AGAINST = 'c54455c';

/** Measures every figure, or those of --only, prints a table and writes .local/bench.json. */
await runMain(async () => {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      against: { type: 'string', default: AGAINST },
    },
  });
  const { quick, against } = values;
  const wanted = figuresNamed(values.only ?? Object.keys(FIGURES));
  const stack = await startStack({ quick });
  const rows: Row[] = skippedOn(stack);
  try {
    for (const [name, figure] of wanted) {
      const onProgress = (what: string) => console.error(`  ${what}`);
      console.error(`Measuring ${name}`);
      rows.push(...(await figure(stack, { quick, against, onProgress })));
    }
  } finally {
    await stack.stop();
  }
  print(rows);
  const file = path.join(ROOT, '.local/bench.json');
  await mkdir(path.dirname(file), { recursive: true });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  await writeFile(file, JSON.stringify({ date: new Date().toISOString(), machine, quick, rows }, null, 2));
  console.log(`\n${machine}; written to ${path.relative(process.cwd(), file)}`);
  if (rows.some(({ met }) => met === false)) process.exitCode = 1;
});

function figuresNamed(names: readonly string[]): readonly (readonly [string, Figure])[] {
  const known = Object.keys(FIGURES);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Problem(`--only ${unknown.join(', ')}: no such figure; there are ${known.join(', ')}`);
  return Object.entries(FIGURES).filter(([name]) => names.includes(name));
}

/** Tells, at once and in the table, why nothing runs through PgBouncer. */
function skippedOn({ pgBouncer }: Stack): Row[] {
  if ('version' in pgBouncer) return [];
  const measured = `skipped: ${pgBouncer.lacking}`;
  console.error(`Through PgBouncer: ${measured}`);
  return [{ what: 'through PgBouncer', measured, bar: 'reported' }];
}

function print(rows: readonly Row[]): void {
  console.log('| figure | measured | bar | |\n|---|---|---|---|');
  for (const { what, measured, bar, met } of rows) {
    const verdict = met === undefined ? '' : met ? 'met' : '**missed**';
    console.log(`| ${what} | ${measured} | ${bar} | ${verdict} |`);
  }
}
