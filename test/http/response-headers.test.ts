import { createExecutionContext } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { type AppUnderTest, appUnderTest, OPEN_ACCESS } from '../support/app.ts';
import { clockThatSleepMoves, NO_PAUSES, readAsset } from '../support/options.ts';

const ORIGIN = 'https://agents.example';
const app = appUnderTest({ corsOrigins: [ORIGIN] });

/** A request for each way in which an answer comes about. */
const WAYS = {
  success: (app: AppUnderTest) => app.send('/openapi.json'),
  'no such route': (app: AppUnderTest) => app.send('/nowhere'),
  'wrong method': (app: AppUnderTest) => app.send('/tasks/batch'),
  'wrong method of a route': (app: AppUnderTest) => app.send('/tasks', { method: 'PATCH' }),
  'invalid query': (app: AppUnderTest) => app.send('/tasks/next'),
  'wrong type': (app: AppUnderTest) => app.send('/tasks/batch', { method: 'POST', body: '{}' }),
  'no database': (app: AppUnderTest) => app.send('/tasks/next?project=p'),
  HEAD: (app: AppUnderTest) => app.send('/openapi.json', { method: 'HEAD' }),
  preflight: (app: AppUnderTest) =>
    app.send('/tasks/batch', {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
    }),
};

describe.each(Object.entries(WAYS))('every answer: %s', (_, ask) => {
  it('the answer is kept out of caches and taken by a browser for nothing but JSON', async () => {
    const { headers } = await ask(app);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  it('the answer tells what the time is', async () => {
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const date = Date.parse((await ask(app)).headers.get('date') ?? '');
    expect(date).toBeGreaterThanOrEqual(before);
    expect(date).toBeLessThanOrEqual(Date.now());
  });

  it('the answer carries a request id and how long it took', async () => {
    const { headers } = await ask(app);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('server-timing')).toMatch(/^db;dur=\d+\.\d, total;dur=\d+\.\d$/);
  });
});

describe('the request id', () => {
  it('the request id is the one that came with the request', async () => {
    const answer = await app.get('/tasks/next', { headers: { 'x-request-id': 'agent-7_run=42' } });
    expect(answer.headers.get('x-request-id')).toBe('agent-7_run=42');
    expect(answer.body.request_id).toBe('agent-7_run=42');
  });

  it('the request id is a new one if that of the request is unfit for a log', async () => {
    const answer = await app.get('/tasks/next', { headers: { 'x-request-id': '"} {"level":"forged' } });
    expect(answer.body.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('the request id is the same in the header and the body of an error', async () => {
    const { headers, body } = await app.get('/nowhere');
    expect(body.request_id).toBe(headers.get('x-request-id'));
  });
});

describe('Server-Timing', () => {
  it('Server-Timing tells the time at the database and the whole', async () => {
    const times = [1_000, 1_040.25];
    const openDatabase = () => ({
      run: () => Promise.resolve([]),
      elapsed: () => 30.06,
      mayHaveChanged: () => false,
      attempts: () => 0,
      rest: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
    const timed = createApp({
      readAsset,
      waits: clockThatSleepMoves(),
      logLevel: 'silent',
      log: { write: () => undefined, wallClock: () => 0 },
      now: () => times.shift() ?? 0,
      corsOrigins: [],
      access: OPEN_ACCESS,
      rateLimiters: {},
      openDatabase,
      health: { openDatabase, now: () => 0, sleep: () => Promise.resolve() },
      pauses: NO_PAUSES,
      version: '0.0.0-test',
    });
    const answer = await timed.request('/tasks/next?project=p', {}, {}, createExecutionContext());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('server-timing')).toBe('db;dur=30.1, total;dur=40.3');
  });

  it('Server-Timing of a refused request shows no time at the database', async () => {
    const { headers } = await app.get('/tasks/next');
    expect(headers.get('server-timing')).toMatch(/^db;dur=0\.0, /);
  });
});
