import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, type AppUnderTestOptions, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { clockThatSleepMoves } from '../support/options.ts';

const LIMIT = 2;
const WAIT = { wait_seconds: 50 };

/** Waits that sleep until the test lets them go on; as in the Worker, a signal wakes them. */
function heldWaits() {
  const sleepers: (() => void)[] = [];
  const asleep = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
  let slept = 0;
  const clock = clockThatSleepMoves();
  return {
    ...clock,
    limit: LIMIT,
    sleep: (milliseconds: number, signal?: AbortSignal) => {
      asleep[slept]?.resolve();
      slept += 1;
      return new Promise<void>((resolve) => {
        signal?.addEventListener('abort', () => resolve());
        sleepers.push(() => void clock.sleep(milliseconds).then(resolve));
      });
    },
    /** Resolves when so many pauses have begun. */
    async untilAsleep(count: number) {
      for (const { promise } of asleep.slice(0, count)) await promise;
    },
    wakeAll() {
      for (const wake of sleepers.splice(0)) wake();
    },
  };
}

describe('the waits of a credential', () => {
  let database: DatabaseUnderTest;
  let plain: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    plain = appUnderTest({ driver: 'neon', connectionString: database.neon });
  });
  beforeEach(() => database.empty());

  const begin = (more: AppUnderTestOptions = {}) => {
    const waits = heldWaits();
    const app = appUnderTest({ driver: 'neon', connectionString: database.neon, waits, ...more });
    return { waits, app };
  };
  const refused = { code: 'rate_limited', details: { limit: LIMIT, retry_after_seconds: 1 } };

  it('one more than the limit is refused, whichever verb it waits with, and what does not wait is served', async () => {
    const { waits, app } = begin();
    const claims = ['a', 'b'].map((agent) => app.claim('p', agent, WAIT));
    await waits.untilAsleep(LIMIT);
    const { status, headers, body } = await app.claim('p', 'c', WAIT);
    expect([status, headers.get('retry-after'), body]).toEqual([429, '1', expect.objectContaining(refused)]);
    expect((await app.get('/tasks/next?project=p&wait_seconds=1')).status).toBe(429);
    expect((await app.claim('p', 'c')).status).toBe(200);
    await plain.add('p', 'TASK-1', 'TASK-2');
    waits.wakeAll();
    for (const claim of claims) expect((await claim).body.reason).toBe('claimed');
  });

  it('a wait that has ended gives its place back', async () => {
    const { waits, app } = begin();
    await plain.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    for (const agent of ['a', 'b', 'c'])
      expect((await app.claim('p', agent, WAIT)).body.reason).toBe('claimed');
    const claims = ['d', 'e'].map((agent) => app.claim('p', agent, { wait_seconds: 1 }));
    await waits.untilAsleep(LIMIT);
    await plain.add('p', 'TASK-4', 'TASK-5');
    waits.wakeAll();
    await Promise.all(claims);
    const next = app.claim('p', 'f', WAIT);
    await waits.untilAsleep(LIMIT + 1);
    await plain.add('p', 'TASK-6');
    waits.wakeAll();
    expect((await next).body.task?.task_id).toBe('TASK-6');
  });

  it('a wait that fails gives its place back', async () => {
    const { app } = begin({
      decorate: (real) => ({ ...real, run: () => Promise.reject(new TypeError('a defect')) }),
    });
    const statuses: number[] = [];
    for (let n = 0; n < LIMIT + 1; n += 1) statuses.push((await app.claim('p', 'a', WAIT)).status);
    expect(statuses).toEqual(Array(LIMIT + 1).fill(500));
  });

  it('a wait whose client goes away gives its place back, looks no more and claims nothing', async () => {
    const { waits, app } = begin();
    const controller = new AbortController();
    const { signal } = controller;
    const body = JSON.stringify({ project_id: 'p', agent_id: 'a', ...WAIT });
    const headers = { 'content-type': 'application/json' };
    const claims = Array.from({ length: LIMIT }, () =>
      app.send('/tasks/claim', { method: 'POST', headers, body, signal }),
    );
    await waits.untilAsleep(LIMIT);
    controller.abort();
    await Promise.allSettled(claims);
    await plain.add('p', 'TASK-1');
    waits.wakeAll();
    expect((await plain.get('/tasks/TASK-1?project=p')).body.task?.status).toBe('pending');
    expect((await app.claim('p', 'b', WAIT)).body.task?.task_id).toBe('TASK-1');
  });

  it('a body of unknown length does not hide that the client goes away', async () => {
    const { waits, app } = begin();
    const controller = new AbortController();
    const text = JSON.stringify({ project_id: 'p', agent_id: 'a', ...WAIT });
    const claim = app.send('/tasks/claim', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([text]).stream(),
      signal: controller.signal,
    });
    await waits.untilAsleep(1);
    controller.abort();
    const answer = await claim.then((response) => response.json());
    expect(answer).toMatchObject({ task: null, reason: 'none_pending' });
  });
});
