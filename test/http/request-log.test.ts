import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { LogLine } from '../../src/http/middleware/request-log.ts';
import { appUnderTest, OPEN_ACCESS } from '../support/app.ts';
import { clockThatSleepMoves, NO_HEALTH, NO_PAUSES, readAsset } from '../support/options.ts';

describe('the request log', () => {
  it('a request makes one line', async () => {
    const app = appUnderTest();
    await app.get('/openapi.json', { headers: { 'x-request-id': 'run-1' } });
    expect(app.log).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        level: 'INFO',
        method: 'GET',
        path: '/openapi.json',
        params: {},
        status: 200,
        duration_ms: expect.any(Number),
        request_id: 'run-1',
      },
    ]);
  });

  it('a refused request is logged as WARN with its known parameters', async () => {
    const app = appUnderTest();
    await app.get('/tasks?project=p&status=done&limit=5&cursor=x&api_key=sk-1&description=secret');
    expect(app.log).toHaveLength(1);
    expect(app.log[0]).toMatchObject({
      level: 'WARN',
      status: 400,
      params: { project: 'p', status: 'done', limit: '5', cursor: 'x' },
    });
    expect(JSON.stringify(app.log)).not.toMatch(/sk-1|secret/);
  });

  it('a line stays short, however long the request is', async () => {
    const app = appUnderTest();
    await app.get(`/tasks/${'x'.repeat(5_000)}?project=${'y'.repeat(5_000)}`);
    expect(JSON.stringify(app.log).length).toBeLessThan(1_000);
  });

  it('a path and a parameter are cut at 200 characters', async () => {
    const app = appUnderTest();
    await app.get(`/${'x'.repeat(199)}?project=${'y'.repeat(200)}`);
    await app.get(`/${'x'.repeat(200)}?project=${'y'.repeat(201)}`);
    for (const { path, params } of app.log) {
      expect(path).toBe(`/${'x'.repeat(199)}`);
      expect(params).toEqual({ project: 'y'.repeat(200) });
    }
  });

  it('a line has the time when its request began and how long it took', async () => {
    const lines: LogLine[] = [];
    // The second is for the header Date.
    const times = [1_000, 1_100, 1_250];
    const app = createApp({
      readAsset,
      waits: clockThatSleepMoves(),
      logLevel: 'info',
      log: { write: (line) => lines.push(line), wallClock: () => times.shift() ?? 0 },
      now: () => 0,
      corsOrigins: [],
      access: OPEN_ACCESS,
      rateLimiters: {},
      openDatabase: () => {
        throw new Error('not needed');
      },
      health: NO_HEALTH,
      pauses: NO_PAUSES,
      version: '0.0.0-test',
    });
    await app.request('/openapi.json');
    expect(lines).toEqual([
      expect.objectContaining({ timestamp: '1970-01-01T00:00:01.000Z', duration_ms: 250 }),
    ]);
  });

  it('the log describes the error of an internal failure, and of nothing else', async () => {
    const app = appUnderTest();
    await app.get('/tasks/next?project=p');
    await app.get('/tasks/next');
    expect(app.log.map((line) => 'error' in line)).toEqual([true, false]);
    expect(app.log[0]?.error).toMatchObject({ name: 'DomainError', message: 'Database unavailable' });
  });

  it('the log holds no word of a body', async () => {
    const app = appUnderTest();
    await app.post('/tasks/batch', { tasks: [{ task_id: 'TASK-1', description: 'secret plan' }] });
    expect(JSON.stringify(app.log)).not.toContain('secret');
  });

  it.each([
    ['info', ['INFO', 'WARN', 'ERROR']],
    ['warn', ['WARN', 'ERROR']],
    ['error', ['ERROR']],
    ['silent', []],
  ] as const)('the log at level %s has %j', async (logLevel, levels) => {
    const app = appUnderTest({ logLevel });
    await app.get('/openapi.json');
    await app.get('/nowhere');
    await app.get('/tasks/next?project=p');
    expect(app.log.map((line) => line.level)).toEqual(levels);
  });
});
