import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { PATIENT_POLICY } from '../support/patience.ts';

const TIMEOUT = { timeout: 120_000 };
const MOST = 10_000;

describe('large graphs', () => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase({ statementTimeout: PATIENT_POLICY.attemptTimeout });
    app = appUnderTest({ driver: 'neon', connectionString: database.neon });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const counted = async (condition: string) =>
    (await database.query<{ count: number }>(`select count(*)::int from tasks where ${condition}`))[0]?.count;

  /** Adds that many tasks, T-1 in progress and the others waiting; `parent` is SQL over their number n. */
  async function seed(count: number, parent: string, onFailure: string) {
    await database.query(`
      insert into tasks (task_id, project_id, description, version, status, unmet_needs, ready_at, in_graph)
      select 'T-' || n, 'p', 'Do it', 1, case when n = 1 then 'in_progress' else 'pending' end,
        (n > 1)::int, case when n > 1 then 'infinity'::timestamptz end, true
      from generate_series(1, ${count}) as n`);
    // The edges come as they would be after many batches.
    await database.query('alter table task_needs disable trigger user');
    await database.query(`
      insert into task_needs (project_id, task_id, kind, need, need_group, parent, on_failure)
      select 'p', 'T-' || n, 'task', ${parent}, 'task:' || (${parent}), ${parent}, '${onFailure}'
      from generate_series(2, ${count}) as n`);
    await database.query('alter table task_needs enable trigger user');
  }

  it.each([1, 100, MOST])(
    'a task that %i others wait for makes all of them ready',
    TIMEOUT,
    async (count) => {
      await seed(count + 1, `'T-1'`, 'block');
      expect((await app.move('p', 'T-1', { status: 'completed' })).status).toBe(200);
      expect(await counted('ready_at is null and unmet_needs = 0')).toBe(count + 1);
    },
  );

  it.each([
    { shape: 'a chain', parent: `'T-' || n - 1` },
    { shape: 'one level', parent: `'T-1'` },
    { shape: 'a tree', parent: `'T-' || n / 2` },
  ])('a failure cancels 10,000 tasks in $shape', TIMEOUT, async ({ parent }) => {
    await seed(MOST + 1, parent, 'cancel');
    expect((await app.move('p', 'T-1', { status: 'failed' })).status).toBe(200);
    expect(await counted(`status = 'cancelled'`)).toBe(MOST);
  });

  it.each([
    { shape: 'a few others', need: (n: number, k: number) => `T-${((n + k) % 20) + 1}` },
    { shape: 'those before them', need: (n: number, k: number) => `T-${n - 1 - k}` },
  ])(
    '500 tasks that need eight of $shape are changed in one request each time',
    TIMEOUT,
    async ({ need }) => {
      const tasks = Array.from({ length: 500 }, (_, index) => {
        const needs = index < 20 ? [] : Array.from({ length: 8 }, (_, k) => need(index + 1, k));
        return { task_id: `T-${index + 1}`, project_id: 'p', description: 'Do it', priority: 4, needs };
      });
      expect((await app.post('/tasks/batch', { tasks })).status).toBe(200);
      for (const action of [
        { action: 'edit', changes: { priority: 2 } },
        { action: 'cancel' },
        { action: 'reset' },
        { action: 'delete' },
      ]) {
        const { status, body } = await app.post('/tasks/bulk', { project_id: 'p', filter: {}, ...action });
        expect([action, status, body]).toEqual([action, 200, expect.objectContaining({ changed: 500 })]);
        await expectGraphToAddUp(database);
      }
    },
  );

  it('what goes beyond 10,000 stays stuck, and nothing is lost', TIMEOUT, async () => {
    await seed(MOST + 11, `'T-1'`, 'cancel');
    expect((await app.move('p', 'T-1', { status: 'failed' })).status).toBe(200);
    expect(await counted(`status = 'cancelled'`)).toBe(MOST);
    expect(await counted(`status = 'pending' and stuck_needs = 1`)).toBe(10);
  });

  it(
    'a diamond of 1,000 levels is added, inherits urgency, refuses a cycle and is worked off',
    TIMEOUT,
    async () => {
      const LEVELS = 1_000;
      const level = (at: number) =>
        ['L', 'R'].map((side) => ({
          task_id: `${side}-${at}`,
          needs: at === 0 ? [] : [`L-${at - 1}`, `R-${at - 1}`],
        }));
      for (let first = 0; first < LEVELS; first += 250)
        await app.add('p', ...Array.from({ length: 250 }, (_, index) => level(first + index)).flat());
      await app.add('p', { task_id: 'U-1', priority: 0, needs: [`L-${LEVELS - 1}`] });
      expect(await counted('priority = 0')).toBe(2 * (LEVELS - 1) + 2);
      const cycle = await app.put(`/tasks/L-0/needs/R-${LEVELS - 1}?project=p`, {});
      expect(cycle.body.code).toBe('need_cycle');
      for (const at of [0, 1, 2]) {
        for (const { task_id } of level(at)) await app.move('p', task_id, { status: 'in_progress' });
        await Promise.all(level(at).map(({ task_id }) => app.move('p', task_id, { status: 'completed' })));
      }
      expect(await counted("ready_at is null and unmet_needs = 0 and status = 'pending'")).toBe(2);
    },
  );
});
