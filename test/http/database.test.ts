import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { refusal } from '../../src/domain/errors/index.ts';
import type { OpenDatabase } from '../../src/http/middleware/database.ts';
import { OPEN_ACCESS } from '../support/app.ts';
import { clockThatSleepMoves, NO_PAUSES, readAsset } from '../support/options.ts';

/** An app over a database that keeps account of what is done with it. */
function watchedApp(run: () => Promise<never[]>) {
  const events: string[] = [];
  const openDatabase: OpenDatabase = () => {
    events.push('open');
    return {
      run,
      elapsed: () => 0,
      mayHaveChanged: () => false,
      attempts: () => 0,
      rest: () => Promise.resolve(),
      close: () => {
        events.push('close');
        return Promise.resolve();
      },
    };
  };
  const log = { write: () => undefined, wallClock: () => 0 };
  const health = { openDatabase, now: () => 0, sleep: () => Promise.resolve() };
  const app = createApp({
    readAsset,
    waits: clockThatSleepMoves(),
    logLevel: 'silent',
    log,
    now: () => 0,
    corsOrigins: [],
    access: OPEN_ACCESS,
    rateLimiters: {},
    openDatabase,
    health,
    pauses: NO_PAUSES,
    version: '0.0.0-test',
  });
  const statusOf = async (path: string) => {
    const context = createExecutionContext();
    const { status } = await app.fetch(new Request(`http://service.test${path}`), {}, context);
    await waitOnExecutionContext(context);
    return status;
  };
  return { events, statusOf };
}

describe('the database of a request', () => {
  it.each([
    ['that succeeds', () => Promise.resolve([]), 200],
    [
      'a request %s opens its database once and closes it',
      () => Promise.reject(refusal('database_unavailable', {}, { cause: new Error('reset') })),
      500,
    ],
  ])('%s is opened once and let go of', async (_, run, status) => {
    const { events, statusOf } = watchedApp(run);
    expect(await statusOf('/tasks/next?project=p')).toBe(status);
    expect(events).toEqual(['open', 'close']);
  });

  it('a request that needs no database opens none', async () => {
    const { events, statusOf } = watchedApp(() => Promise.resolve([]));
    expect(await statusOf('/openapi.json')).toBe(200);
    expect(await statusOf('/nowhere')).toBe(404);
    expect(events).toEqual([]);
  });
});
