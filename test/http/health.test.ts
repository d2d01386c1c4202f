import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { version } from '../../package.json';
import worker from '../../src/index.ts';
import { appUnderTest } from '../support/app.ts';
import { DRIVERS, openTestDatabase } from '../support/database.ts';
import type { Fault } from '../support/fault-proxy.ts';

const HEALTHY = { status: 'healthy', version: '0.0.0-test', dependencies: { database: 'connected' } };
const DEGRADED = { status: 'degraded', version: '0.0.0-test', dependencies: { database: 'disconnected' } };

/** What keeps the database from answering, at once or by silence. */
const FAULTS: Fault[] = ['refused', 'reset_in_answer', 'black_hole', 'black_hole_after_statement', 'delay'];
/** Longer than a check may take. */
const DELAY_MS = 600;
/** A second, and room for a machine with other work; still less than one attempt at anything else. */
const BOUND_MS = 1_900;
/** It may stand still for a moment, but hardly so often. */
const ATTEMPTS = 5;
/** Such a machine must not seem degraded. */
const PATIENT = { attemptTimeout: 9_000, totalTimeout: 9_000 };

describe.each(DRIVERS)('the health over %s', (driver) => {
  it('the health is good while the database answers', async () => {
    const database = await openTestDatabase();
    const app = appUnderTest({ driver, connectionString: database[driver], probe: PATIENT });
    for (const path of ['/health', '/ready']) {
      expect(await app.get(path)).toMatchObject({ status: 200, body: HEALTHY });
    }
  });

  it.each(FAULTS)('the health is degraded within a second under %s', async (fault) => {
    const database = await openTestDatabase();
    await database.inject(fault, { delay: DELAY_MS });
    for (const [path, status] of [
      ['/health', 200],
      ['/ready', 503],
    ] as const) {
      const times: number[] = [];
      while (times.length < ATTEMPTS && !times.some((time) => time < BOUND_MS)) {
        const app = appUnderTest({ driver, connectionString: database[driver] });
        const began = performance.now();
        expect(await app.get(path)).toMatchObject({ status, body: DEGRADED });
        times.push(performance.now() - began);
        expect(app.pauses).toEqual([]);
      }
      expect(Math.min(...times)).toBeLessThan(BOUND_MS);
    }
  });

  it('health costs the database one statement a second, however many ask', async () => {
    const database = await openTestDatabase();
    let time = 0;
    let statements = 0;
    const app = appUnderTest({
      driver,
      connectionString: database[driver],
      probe: PATIENT,
      now: () => time,
      decorate: ({ run, ...database }) => ({
        ...database,
        run: (statement, values) => {
          statements += 1;
          return run(statement, values);
        },
      }),
    });
    const many = () => Promise.all(Array.from({ length: 20 }, () => app.get('/health?t=1')));
    for (const { body } of await many()) expect(body).toEqual(HEALTHY);
    expect(statements).toBe(1);
    time += 1_000;
    await many();
    expect(statements).toBe(2);
  });
});

describe('the health', () => {
  it('the reason why a service is not ready is logged and not told', async () => {
    const app = appUnderTest();
    const response = await app.send('/ready');
    expect(await response.json()).toEqual(DEGRADED);
    expect(app.log).toMatchObject([
      { level: 'ERROR', status: 503, error: { message: 'Database unavailable', cause: {} } },
    ]);
  });

  it('strangers may ask for the health, but not for the readiness', async () => {
    const app = appUnderTest({
      access: { kind: 'credentials', authenticate: () => ({ ok: false, problem: 'unknown_key' }) },
    });
    expect(await app.get('/health')).toMatchObject({ status: 200, body: DEGRADED });
    expect((await app.get('/ready')).status).toBe(401);
  });

  it.each(['/health?_=1', '/ready?probe=a&probe=b', '/health?status='])(
    'the health ignores unknown parameters: %s',
    async (path) => {
      expect((await appUnderTest().get(path)).body).toEqual(DEGRADED);
    },
  );

  it('the health names the version of the package, and is degraded without a configuration', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const context = createExecutionContext();
    const response = await worker.fetch(new Request('http://service.test/health'), {}, context);
    print.mockRestore();
    await waitOnExecutionContext(context);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ...DEGRADED, version });
  });
});
