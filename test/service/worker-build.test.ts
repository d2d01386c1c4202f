import { readFile, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildWorker } from '../../scripts/local/worker-build.ts';

/** What a build may weigh, compressed, in KiB: what there is today and a little more; 62 of them serve /mcp only. */
const BUDGET = { hyperdrive: 170, neon: 189 } as const;
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
        compatibilityFlags: ['nodejs_compat'],
        variables: { DATABASE_DRIVER: driver, LOG_LEVEL: 'info' },
      });
    },
  );

  it.each(DRIVERS)('the build for %s stays within its budget', async (driver) => {
    const { script } = await buildWorker(driver);
    expect(gzipSync(await readFile(script)).length / 1024).toBeLessThan(BUDGET[driver]);
  });
});
