import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unrestricted } from '../../src/domain/access.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const KEY = { 'idempotency-key': 'key-1' };

describe.each(DRIVERS)('the same request twice over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => database.inject('none'));

  const batch = (...ids: string[]) => ({
    tasks: ids.map((task_id) => ({ task_id, project_id: 'p', description: `Do ${task_id}` })),
  });
  const start = (headers?: Record<string, string>) =>
    app.put('/tasks/TASK-1/status?project=p', { status: 'in_progress' }, headers);

  it('a repeated request gets the first answer and has no second effect', async () => {
    const first = await app.post('/tasks/batch', batch('TASK-1', 'TASK-2'), KEY);
    const second = await app.post('/tasks/batch', batch('TASK-1', 'TASK-2'), KEY);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const moved = await start({ 'idempotency-key': 'key-2' });
    await app.move('p', 'TASK-1', { status: 'completed' });
    expect((await start({ 'idempotency-key': 'key-2' })).body).toEqual(moved.body);
    expect(await database.query(`select status from tasks where task_id = 'TASK-1'`)).toEqual([
      { status: 'completed' },
    ]);
  });

  it('a repeated request gets the first answer where the graph would refuse it by now', async () => {
    await app.post('/tasks/batch', batch('TASK-1', 'TASK-2'));
    const put = (headers: Record<string, string>, when = 'completed') =>
      app.put('/tasks/TASK-2/needs/TASK-1?project=p', { when }, headers);
    const first = await put(KEY);
    await app.delete('/tasks/TASK-1?project=p');
    const second = await put(KEY);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await put(KEY, 'ended')).body.code).toBe('idempotency_key_reused');
    expect((await put({ 'idempotency-key': 'key-2' })).body.code).toBe('need_not_found');
  });

  it('a repeated claim gets the same task', async () => {
    await app.post('/tasks/batch', batch('TASK-1', 'TASK-2'));
    const claim = () => app.post('/tasks/claim', { project_id: 'p', agent_id: 'a', capacity: 5 }, KEY);
    const [first, second] = [await claim(), await claim()];
    expect(second.body).toEqual(first.body);
    expect(first.body.reason).toBe('claimed');
  });

  it('a repeated request gets the first refusal, even if its reason is gone', async () => {
    const first = await start(KEY);
    expect(first.status).toBe(404);
    await app.post('/tasks/batch', batch('TASK-1'));
    const second = await start(KEY);
    expect([second.status, second.body.code]).toEqual([404, 'task_not_found']);
    expect((await start({ 'idempotency-key': 'key-2' })).status).toBe(200);
  });

  it('a key that came with another path, query or body is refused', async () => {
    await app.post('/tasks/batch', batch('TASK-1', 'TASK-2'));
    await start(KEY);
    const move = { status: 'in_progress' };
    for (const other of [
      await app.post('/tasks/batch', batch('TASK-4'), KEY),
      await app.put('/tasks/TASK-1/status?project=p', { ...move, completion_notes: 'x' }, KEY),
      await app.put('/tasks/TASK-2/status?project=p', move, KEY),
      await app.put('/tasks/TASK-1/status', move, KEY),
    ]) {
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    expect(await database.query(`select task_id from tasks where status = 'in_progress'`)).toEqual([
      { task_id: 'TASK-1' },
    ]);
  });

  const appCovering = (...projects: string[]) =>
    appUnderTest({
      driver,
      connectionString: database[driver],
      access: { kind: 'anonymous', caller: { ...unrestricted('anonymous'), projects } },
    });

  it('a repeated request is refused when the projects of its credential have changed', async () => {
    await app.post('/tasks/batch', batch('TASK-1'), KEY);
    const { status, body } = await appCovering('p').post('/tasks/batch', batch('TASK-1'), KEY);
    expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('a repeated request is the same when a token names its projects in another order', async () => {
    await appCovering('p', 'q').post('/tasks/batch', batch('TASK-1'), KEY);
    const { status, headers } = await appCovering('q', 'p', 'q').post('/tasks/batch', batch('TASK-1'), KEY);
    expect([status, headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  });

  it('a request has one effect, however often it is sent at once', async () => {
    await app.post('/tasks/batch', batch('TASK-1'));
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(KEY)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => body.updated_task.updated_at)).size).toBe(1);
  });

  it('a key belongs to its credential', async () => {
    const other = appUnderTest({
      driver,
      connectionString: database[driver],
      access: { kind: 'anonymous', caller: unrestricted('other') },
    });
    await app.post('/tasks/batch', batch('TASK-1'), KEY);
    expect((await other.post('/tasks/batch', batch('TASK-2'), KEY)).status).toBe(200);
  });

  it('a key is kept for a day', async () => {
    await app.post('/tasks/batch', batch('TASK-1'), KEY);
    const [record] = await database.query<{ hours: string }>(
      `select extract(epoch from expires_at - now()) / 3600 as hours from idempotency_keys where key = 'key-1'`,
    );
    expect(Number(record?.hours)).toBeGreaterThan(23.9);
  });

  it.each(['', 'two words', 'ü', 'x'.repeat(256)])('the key "%s" is refused', async (key) => {
    const { status, body } = await app.post('/tasks/batch', batch('TASK-1'), { 'idempotency-key': key });
    expect([status, body.code]).toEqual([400, 'validation_error']);
    expect(body.error).toContain('must have 1 to 255 visible ASCII characters');
    expect(await database.query('select task_id from tasks')).toEqual([]);
  });

  it.each(['answer_lost', 'reset_in_answer'] as const)(
    'the service repeats a write whose answer was lost (%s) and tells the true outcome',
    async (fault) => {
      await app.post('/tasks/batch', batch('TASK-1'));
      await database.inject(fault, { times: 2 });
      const { status, body } = await start();
      expect(status).toBe(200);
      expect(body.updated_task.status).toBe('in_progress');
      await database.inject(fault, { times: 2 });
      const deleted = await app.delete('/tasks/TASK-1?project=p');
      expect(deleted.status).toBe(200);
      expect(deleted.body.deleted_task).toEqual(body.updated_task);
    },
  );

  it('a request without a key leaves no record', async () => {
    await app.post('/tasks/batch', batch('TASK-1'));
    await start();
    await app.claim('p', 'a');
    expect(await database.query('select key from idempotency_keys')).toEqual([]);
  });

  it('each new record removes two outdated ones', async () => {
    await database.query(
      `insert into idempotency_keys (caller, key, fingerprint, outcome, expires_at)
       select 'old', n::text, '', '{}', now() - interval '1 second' from generate_series(1, 5) as n`,
    );
    const left = async () =>
      (
        await database.query<{ n: number }>(
          `select count(*)::int as n from idempotency_keys where caller = 'old'`,
        )
      )[0]?.n;
    const add = (id: string) => app.post('/tasks/batch', batch(id), { 'idempotency-key': id });
    await add('TASK-1');
    expect(await left()).toBe(3);
    await add('TASK-2');
    await add('TASK-3');
    expect(await left()).toBe(0);
  });
});
