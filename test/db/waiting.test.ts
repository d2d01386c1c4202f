import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WaitOptions } from '../../src/http/waits.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { NOTHING_COUNTED } from '../support/counts.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { mcpOver } from '../support/mcp.ts';
import { clockThatSleepMoves } from '../support/options.ts';

/** Runs something in each pause of a wait, by its number, and moves the clock on. */
function pausesThat(during: (pause: number) => unknown, limit = 100): WaitOptions & { pauses(): number } {
  const clock = clockThatSleepMoves();
  let count = 0;
  return {
    ...clock,
    limit,
    pauses: () => count,
    async sleep(milliseconds: number) {
      count += 1;
      await during(count);
      await clock.sleep(milliseconds);
    },
  };
}

describe.each(DRIVERS)('waiting for a task over %s', (driver) => {
  let database: DatabaseUnderTest;
  let plain: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    plain = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  const appOver = (waits: WaitOptions, more: Parameters<typeof appUnderTest>[0] = {}) =>
    appUnderTest({ driver, connectionString: database[driver], waits, ...more });
  const adding = (at: number, ...tasks: string[]) =>
    pausesThat((pause) => (pause === at ? plain.add('p', ...tasks) : undefined));
  const wait = { wait_seconds: 50 };
  const short = { wait_seconds: 3 };

  /** The server ends its process a moment after the connection: it has many looks to do so. */
  const connectionsBesides = async (before: ReadonlySet<number>): Promise<number> => {
    let left = -1;
    for (let looks = 0; left !== 0 && looks < 2_000; looks += 1) {
      left = (await openConnections()).filter((pid) => !before.has(pid)).length;
    }
    return left;
  };
  /** The pool of a file that had this database before may still have some. */
  const openConnections = async (): Promise<number[]> => {
    const rows = await database.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return rows.map(({ pid }) => pid);
  };

  it('a waiting claim gets a task that another makes ready meanwhile', async () => {
    const tasks = [
      { task_id: 'A-1', status: 'in_progress' },
      { task_id: 'B-1', needs: ['A-1'] },
    ];
    await plain.add('p', ...tasks);
    const waits = pausesThat((pause) =>
      pause === 2 ? plain.move('p', 'A-1', { status: 'completed' }) : undefined,
    );
    const { body } = await appOver(waits).claim('p', 'a', wait);
    expect(body).toMatchObject({ reason: 'claimed', task: { task_id: 'B-1' } });
    expect(waits.pauses()).toBe(2);
  });

  it('a waiting claim gets a task that is added meanwhile', async () => {
    const waits = adding(3, 'TASK-1');
    const { body } = await appOver(waits).claim('p', 'a', wait);
    expect(body).toMatchObject({ reason: 'claimed', task: { task_id: 'TASK-1', claimed_by: 'a' } });
    expect(waits.pauses()).toBe(3);
  });

  it('a waiting claim for a generator gets a task of that generator only', async () => {
    const waits = pausesThat((pause) =>
      plain.add('p', pause === 2 ? { task_id: 'TASK-2', generator_name: 'hls' } : `OTHER-${pause}`),
    );
    const { body } = await appOver(waits).claim('p', 'a', { ...wait, generator_name: 'hls' });
    expect(body.task?.task_id).toBe('TASK-2');
  });

  it('a waiting look at the next task sees one that is added meanwhile', async () => {
    const { body } = await appOver(adding(2, 'TASK-1')).get('/tasks/next?project=p&wait_seconds=50');
    expect(body.task).toMatchObject({ task_id: 'TASK-1', status: 'pending' });
  });

  it('a claim that gets a task at once, or its own again, does not wait', async () => {
    await plain.add('p', 'TASK-1');
    const waits = pausesThat(() => undefined);
    const app = appOver(waits);
    expect((await app.claim('p', 'a', wait)).body.reason).toBe('claimed');
    expect((await app.claim('p', 'a', wait)).body.reason).toBe('continue_current');
    expect(waits.pauses()).toBe(0);
  });

  it('a wait in vain ends with the ordinary empty answer', async () => {
    const app = appOver(pausesThat(() => undefined));
    expect((await app.claim('p', 'a', short)).body).toEqual({
      success: true,
      task: null,
      claim: null,
      reason: 'none_pending',
      counts: NOTHING_COUNTED,
    });
    const { body } = await app.get('/tasks/next?project=p&wait_seconds=3');
    expect(body).toEqual({ success: true, task: null, message: 'No pending tasks for project' });
    await plain.add('p', 'TASK-1');
    await plain.claim('p', 'other');
    expect((await app.claim('p', 'a', short)).body).toMatchObject({ task: null, reason: 'all_claimed' });
  });

  it.runIf(driver === 'neon')('the longest wait sends 40 statements at most', async () => {
    const before = await database.counts();
    await appOver(pausesThat(() => undefined)).claim('p', 'a', wait);
    const { statements } = await database.counts();
    expect(statements - before.statements).toBeLessThanOrEqual(40);
    expect(statements - before.statements).toBeGreaterThan(30);
  });

  it.runIf(driver === 'hyperdrive')(
    'each look of a wait has a connection that is closed before the pause',
    async () => {
      const open: number[] = [];
      const others = new Set(await openConnections());
      const waits = pausesThat(async () => open.push(await connectionsBesides(others)));
      const before = await database.counts();
      await appOver(waits).claim('p', 'a', short);
      expect(open.length).toBeGreaterThan(3);
      expect(open).toEqual(open.map(() => 0));
      const { connections } = await database.counts();
      expect(connections - before.connections).toBe(open.length + 1);
    },
  );

  it('each look has the time of a request, however long the wait', async () => {
    let time = 0;
    let isAdded = false;
    const sleep = async (pause: number) => {
      time += pause;
      if (time < 30_000 || isAdded) return;
      isAdded = true;
      await plain.add('p', 'TASK-1');
    };
    const now = () => time;
    const app = appOver({ now, sleep, random: () => 0, limit: 1 }, { databaseNow: now });
    expect((await app.claim('p', 'a', wait)).body.reason).toBe('claimed');
  });

  it('of two waiting agents one gets the only task', async () => {
    const added = Promise.withResolvers<void>();
    let sleepers = 0;
    const waits = () =>
      pausesThat(async (pause) => {
        if (pause !== 1) return;
        sleepers += 1;
        if (sleepers === 2) added.resolve(plain.add('p', 'TASK-1'));
        await added.promise;
      });
    const claims = ['a', 'b'].map((agent) => appOver(waits()).claim('p', agent, wait));
    const reasons = (await Promise.all(claims)).map(({ body }) => body.reason);
    expect(reasons.toSorted()).toEqual(['all_claimed', 'claimed']);
  });

  it('a waiting claim with a key is recorded once it has its task, and its repetition gets the same', async () => {
    const key = { 'idempotency-key': 'key-1' };
    const body = { project_id: 'p', agent_id: 'a', capacity: 5, ...wait };
    const recorded: unknown[] = [];
    const waits = pausesThat(async (pause) => {
      recorded.push(...(await database.query('select key from idempotency_keys')));
      if (pause === 2) await plain.add('p', 'TASK-1', 'TASK-2');
    });
    const app = appOver(waits);
    const first = await app.post('/tasks/claim', body, key);
    expect([first.body.reason, recorded]).toEqual(['claimed', []]);
    const again = await app.post('/tasks/claim', body, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.claim).toEqual(first.body.claim);
    expect(waits.pauses()).toBe(2);
  });

  it('two waits with one key get one task', async () => {
    const key = { 'idempotency-key': 'key-2' };
    const body = { project_id: 'p', agent_id: 'a', capacity: 5, ...wait };
    const claims = ['TASK-1', 'TASK-2'].map((task) =>
      appOver(adding(1, task)).post('/tasks/claim', body, key),
    );
    const [one, two] = await Promise.all(claims);
    expect(one?.body.claim.token).toBe(two?.body.claim.token);
  });

  it('a wait with a key whose looks find something to tidy is recorded with its own outcome', async () => {
    const key = { 'idempotency-key': 'key-4' };
    const app = appOver(pausesThat(() => undefined));
    await plain.add('p', 'TASK-1');
    const { claim } = (await plain.claim('p', 'holder', { lease_seconds: 30 })).body;
    await moveClock(database, 31);
    await plain.post('/tasks/TASK-1/heartbeat?project=p', { claim_token: claim.token, lease_seconds: 600 });
    const body = { project_id: 'p', agent_id: 'a', ...short };
    const first = await app.post('/tasks/claim', body, key);
    expect(first.body).toMatchObject({ task: null, reason: 'all_claimed' });
    const again = await app.post('/tasks/claim', body, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    await moveClock(database, 0);
  });

  it('a wait in vain with a key is recorded as it ends', async () => {
    const key = { 'idempotency-key': 'key-3' };
    const app = appOver(pausesThat(() => undefined));
    const body = { project_id: 'p', agent_id: 'a', ...short };
    expect((await app.post('/tasks/claim', body, key)).body.reason).toBe('none_pending');
    await plain.add('p', 'TASK-1');
    const again = await app.post('/tasks/claim', body, key);
    expect(again.body.reason).toBe('none_pending');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('the tool claim_task waits, too', async () => {
    const call = { project: 'p', agent_id: 'a', ...wait };
    const { shown } = await mcpOver(appOver(adding(2, 'TASK-1'))).call('claim_task', call);
    expect(shown.task).toMatchObject({ task_id: 'TASK-1' });
  });
});
