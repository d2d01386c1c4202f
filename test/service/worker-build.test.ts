import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { buildWorker } from '../../scripts/local/worker-build.ts';

describe('the production build', () => {
  it('the Worker is built once for the same sources', async () => {
    const first = await buildWorker();
    const { mtimeMs } = await stat(first.script);
    expect(await buildWorker()).toEqual(first);
    expect((await stat(first.script)).mtimeMs).toBe(mtimeMs);
  });

  it('the build comes with the runtime and variables of wrangler.toml', async () => {
    expect(await buildWorker()).toMatchObject({
      compatibilityDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      compatibilityFlags: ['nodejs_compat'],
      variables: { DATABASE_DRIVER: 'hyperdrive', LOG_LEVEL: 'info' },
    });
  });
});
