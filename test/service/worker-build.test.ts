import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { buildWorker } from '../../scripts/local/worker-build.ts';

describe('the production build', () => {
  it('is made once for the same sources', async () => {
    const first = await buildWorker();
    const { mtimeMs } = await stat(first.script);
    expect(await buildWorker()).toEqual(first);
    expect((await stat(first.script)).mtimeMs).toBe(mtimeMs);
  });

  it('comes with what wrangler.toml says of its runtime and variables', async () => {
    expect(await buildWorker()).toMatchObject({
      compatibilityDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      compatibilityFlags: ['nodejs_compat'],
      variables: { DATABASE_DRIVER: 'hyperdrive', LOG_LEVEL: 'info' },
    });
  });
});
