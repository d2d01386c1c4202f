import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildWorker } from '../../scripts/local/worker-build.ts';

/** What a build may weigh, compressed, in KiB: what there is today and a little more; 62 of them serve /mcp only. */
const BUDGET = { hyperdrive: 235, neon: 255 } as const;
/** What the reference page, its style sheet and its script may weigh together, compressed, in KiB. */
const PAGE_BUDGET = 39;
const PAGE_FILES = ['docs.html', 'docs.css', 'docs.js'];
/** What the scripts of the board may weigh together. */
const BOARD_BUDGET = 60;
const BOARD_SCRIPTS = ['board.js', 'board-layout.js'];
const DRIVERS = ['hyperdrive', 'neon'] as const;

describe('the production build', () => {
  it('the Worker is built once for the same sources', async () => {
    const first = await buildWorker('neon');
    const { mtimeMs } = await stat(first.script);
    expect(await buildWorker('neon')).toEqual(first);
    expect((await stat(first.script)).mtimeMs).toBe(mtimeMs);
  });

  it.each(DRIVERS)(
    'the build for %s comes with the runtime and variables of wrangler.toml',
    async (driver) => {
      expect(await buildWorker(driver)).toMatchObject({
        compatibilityDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
        variables: { DATABASE_DRIVER: driver, LOG_LEVEL: 'info' },
      });
    },
  );

  it.each(DRIVERS)('the build for %s stays within its budget', async (driver) => {
    const { script } = await buildWorker(driver);
    expect(gzipSync(await readFile(script)).length / 1024).toBeLessThan(BUDGET[driver]);
  });

  it.each([
    ['the reference page', PAGE_FILES, PAGE_BUDGET],
    ['the scripts of the board', BOARD_SCRIPTS, BOARD_BUDGET],
  ])('%s: the files stay within their budget', async (_, names, budget) => {
    const { assets } = await buildWorker('hyperdrive');
    const files = await Promise.all(names.map((name) => readFile(path.join(assets, name))));
    const sizes = files.map((file) => gzipSync(file).length);
    expect(sizes.reduce((sum, size) => sum + size) / 1024).toBeLessThan(budget);
  });
});
