import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import worker from '../../src/index.ts';
import { apiOver } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';

const entry = (env: object) =>
  apiOver(async (path, init) => {
    const context = createExecutionContext();
    const request = new Request(`http://service.test${path}`, init);
    const response = await worker.fetch(request, { ALLOW_ANONYMOUS: 'true', ...env }, context);
    await waitOnExecutionContext(context);
    return response;
  });

describe('the Worker', () => {
  it('serves with the bindings that it is given', async () => {
    const { hyperdrive, neon } = await openTestDatabase();
    const overHyperdrive = entry({
      DATABASE_DRIVER: 'hyperdrive',
      HYPERDRIVE: { connectionString: hyperdrive },
      LOG_LEVEL: 'silent',
    });
    const overNeon = entry({ DATABASE_DRIVER: 'neon', DATABASE_URL: neon, LOG_LEVEL: 'silent' });
    await overHyperdrive.add('p', 'TASK-1');
    expect((await overNeon.get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-1');
  });

  it('really pauses between its attempts', async () => {
    const env = {
      DATABASE_DRIVER: 'hyperdrive',
      HYPERDRIVE: { connectionString: 'postgres://nobody:nothing@127.0.0.1:1/nowhere' },
      LOG_LEVEL: 'silent',
    };
    const began = Date.now();
    expect((await entry(env).get('/tasks/next?project=p')).body.error).toBe('Database unavailable');
    expect(Date.now() - began).toBeGreaterThanOrEqual(690);
  });

  it('says what to set when something is missing, and still describes itself', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const api = entry({ DATABASE_DRIVER: 'neon' });
    const { status, body } = await api.get('/tasks/next?project=p');
    expect(status).toBe(500);
    expect(body).toMatchObject({
      code: 'not_configured',
      error: 'The service is not configured: DATABASE_DRIVER is neon: set the secret DATABASE_URL',
    });
    expect((await api.get('/openapi.json')).status).toBe(200);
    expect(print.mock.calls.map(([line]) => JSON.parse(String(line)).level)).toEqual(['ERROR', 'INFO']);
    print.mockRestore();
  });
});
