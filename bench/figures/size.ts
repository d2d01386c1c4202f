import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Figure, ms } from '../support/figure.ts';
import { median } from '../support/summary.ts';
import { GATEWAY } from '../support/ways.ts';

const SIZE_BAR = 120;
const START_BAR = 50;

/** The upload size, and how much longer a Worker takes to its first answer than an empty one. */
export const sizeAndStart: Figure = async (stack, { quick }) => {
  const kib = gzipSync(await readFile(stack.build.script)).length / 1024;
  const folder = path.join(stack.folder, 'empty');
  await mkdir(folder);
  const script = path.join(folder, 'index.js');
  await writeFile(script, `export default { fetch: () => new Response('') };`);
  const builds = { own: stack.build, empty: { ...stack.build, script } };
  const extra: number[] = [];
  for (let round = 0; round < (quick ? 1 : 31); round += 1) {
    const times = { own: 0, empty: 0 };
    // The second start finds a warmer machine, so they take turns.
    const order = round % 2 === 0 ? (['own', 'empty'] as const) : (['empty', 'own'] as const);
    for (const which of order) {
      const worker = await stack.start(GATEWAY, { build: builds[which] });
      await worker.stop();
      times[which] = worker.startUp;
    }
    extra.push(times.own - times.empty);
  }
  const start = median(extra);
  return [
    {
      what: 'size of the bundle, gzip',
      measured: `${kib.toFixed(1)} KiB`,
      bar: `at most ${SIZE_BAR} KiB`,
      met: kib <= SIZE_BAR,
    },
    {
      what: 'start-up, over an empty Worker',
      measured: ms(start),
      bar: `at most ${START_BAR} ms`,
      met: start <= START_BAR,
    },
  ];
};
