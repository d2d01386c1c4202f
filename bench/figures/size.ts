import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { FOR_EVERYBODY } from '../../scripts/local/access.ts';
import type { WorkerBuild } from '../../scripts/local/worker-build.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import type { Stack } from '../support/stack.ts';
import { median } from '../support/summary.ts';
import { GATEWAY } from '../support/ways.ts';

/** 125 for the service itself, and the library that /mcp loads. */
const SIZE_BAR = 125 + 65;

/** Where a start ends: at a refusal, for which nothing is loaded, and at the first task, for which a verb is. */
const PROBES = { 'any answer': '/', 'the first task': '/tasks/next?project=p' } as const;

/** The upload size, and how much longer a Worker takes to its first answer than an empty one. */
export const sizeAndStart: Figure = async (stack, { quick }) => {
  const sizes: Row[] = [];
  for (const [driver, { script }] of Object.entries(stack.builds)) {
    const kib = gzipSync(await readFile(script)).length / 1024;
    sizes.push({
      what: `size of the bundle for ${driver}, gzip`,
      measured: `${kib.toFixed(1)} KiB`,
      bar: `at most ${SIZE_BAR} KiB`,
      met: kib <= SIZE_BAR,
    });
  }
  const folder = path.join(stack.folder, 'empty');
  await mkdir(folder);
  const script = path.join(folder, 'index.js');
  await writeFile(script, `export default { fetch: () => new Response('') };`);
  const starts: Row[] = [];
  for (const [what, probe] of Object.entries(PROBES)) {
    const extra = await extraStart(stack, { ...stack.builds.neon, script }, probe, quick ? 1 : 31);
    starts.push({ what: `start-up to ${what}, over an empty Worker`, measured: ms(extra), bar: 'reported' });
  }
  return [...sizes, ...starts];
};

/** The median of how much later the service gives its first answer than an empty Worker. */
async function extraStart(stack: Stack, empty: WorkerBuild, probe: string, rounds: number): Promise<number> {
  const builds = { own: stack.builds.neon, empty };
  const extra: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times = { own: 0, empty: 0 };
    // The second start finds a warmer machine, so they take turns.
    const order = round % 2 === 0 ? (['own', 'empty'] as const) : (['empty', 'own'] as const);
    for (const which of order) {
      const worker = await stack.start(GATEWAY, { build: builds[which], probe, access: FOR_EVERYBODY });
      await worker.stop();
      times[which] = worker.startUp;
    }
    extra.push(times.own - times.empty);
  }
  return median(extra);
}
