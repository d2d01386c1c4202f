import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import worker from '../../src/index.ts';
import { apiOver } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { readAsset } from '../support/options.ts';

const entry = (env: object) =>
  apiOver(async (path, init) => {
    const context = createExecutionContext();
    const request = new Request(`http://service.test${path}`, init);
    const response = await worker.fetch(
      request,
      { ALLOW_ANONYMOUS: 'true', ASSETS: { fetch: readAsset }, ...env },
      context,
    );
    await waitOnExecutionContext(context);
    return response;
  });

describe('the Worker', () => {
  it('the Worker serves over either driver with its bindings', async () => {
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

  it('the Worker really pauses between its attempts', async () => {
    const env = {
      DATABASE_DRIVER: 'hyperdrive',
      HYPERDRIVE: { connectionString: 'postgres://nobody:nothing@127.0.0.1:1/nowhere' },
      LOG_LEVEL: 'silent',
    };
    const began = Date.now();
    expect((await entry(env).get('/tasks/next?project=p')).body.error).toBe('Database unavailable');
    expect(Date.now() - began).toBeGreaterThanOrEqual(690);
  });

  it('the Worker does the upkeep when its cron trigger asks for it', async () => {
    const database = await openTestDatabase();
    const env = { DATABASE_DRIVER: 'neon', DATABASE_URL: database.neon, LOG_LEVEL: 'silent' };
    await entry(env).add('p', 'TASK-1');
    const counted = () => database.query('select status, tasks::int from task_counters');
    expect(await counted()).toEqual([]);
    await database.settleLog();
    await worker.scheduled(createScheduledController(), env);
    expect(await counted()).toEqual([{ status: 'pending', tasks: 1 }]);
  });

  it('the Worker says which setting is missing, and still describes itself', async () => {
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

describe('a Worker without the files that belong to it', () => {
  it('the Worker says which binding its description lacks', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const ASSETS of [
      undefined,
      {},
      { fetch: () => Promise.resolve(new Response('', { status: 404 })) },
    ]) {
      const { status, body } = await entry({ ASSETS }).get('/openapi.json');
      expect([status, body.code]).toEqual([500, 'not_configured']);
      expect(body.error).toContain('add the binding ASSETS to wrangler.toml');
    }
    print.mockRestore();
  });
});

describe('the door of the Worker', () => {
  const DATABASE = {
    DATABASE_DRIVER: 'hyperdrive',
    HYPERDRIVE: { connectionString: 'postgres://nobody:nothing@127.0.0.1:1/nowhere' },
    LOG_LEVEL: 'silent',
  };
  const CLOSED = {
    status: 500,
    body: {
      code: 'not_configured',
      error: 'Authentication is not configured: set API_KEY, API_KEYS or JWT_SECRET',
    },
  };
  const knock = (env: object, headers: HeadersInit = {}) =>
    entry({ ...DATABASE, ...env }).get('/nowhere', { headers });

  it('the Worker is closed without a configuration, and open to everybody only if asked to be', async () => {
    for (const ALLOW_ANONYMOUS of [undefined, '', 'false']) {
      expect(await knock({ ALLOW_ANONYMOUS })).toMatchObject(CLOSED);
    }
    expect((await knock({ ALLOW_ANONYMOUS: 'true' })).status).toBe(404);
  });

  it('a deployed Worker is not open to everybody, by either sign of its deployment', async () => {
    const CF_VERSION_METADATA = { id: 'f0e1', tag: '', timestamp: '2026-01-01T00:00:00Z' };
    expect(await knock({ CF_VERSION_METADATA })).toMatchObject(CLOSED);
    expect(await knock({}, { 'cf-ray': '8f2b6e1c0d3a4b5c-FRA' })).toMatchObject(CLOSED);
    expect((await knock({ CF_VERSION_METADATA: 'local' })).status).toBe(404);
  });

  it('a deployed Worker opens to its configured key', async () => {
    const env = { API_KEY: 'a-plain-key', CF_VERSION_METADATA: { id: 'f0e1', tag: '', timestamp: '' } };
    expect((await knock(env)).status).toBe(401);
    expect((await knock(env, { authorization: 'Bearer a-plain-kez' })).status).toBe(401);
    expect((await knock(env, { authorization: 'Bearer a-plain-key', 'cf-ray': 'x' })).status).toBe(404);
  });

  it('the Worker stays closed if its keys are configured wrongly, and says what is wrong', async () => {
    const { status, body } = await knock({ API_KEYS: '[{"name":"x"}]' }, { authorization: 'Bearer x' });
    expect([status, body.code]).toEqual([500, 'not_configured']);
    expect(body.error).toContain('correct entry 1 of API_KEYS');
  });

  it('the Worker refuses tokens while their keys cannot be fetched, and says so', async () => {
    const env = { JWT_JWKS_URL: 'http://127.0.0.1:1/jwks' };
    const authorization = `Bearer ${btoa('{"alg":"RS256"}').replaceAll('=', '')}.e30.AAAA`;
    const { status, body } = await knock(env, { authorization });
    expect([status, body.code]).toEqual([503, 'authentication_unavailable']);
  });
});
