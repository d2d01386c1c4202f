import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

describe.each(DRIVERS)('deleted tasks over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const task = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;
  const remove = (id: string, more = '') => app.delete(`/tasks/${id}?project=p${more}`);
  const restore = (id: string, headers?: Record<string, string>) =>
    app.post(`/tasks/${id}/restore?project=p`, {}, headers);
  const ids = async () => (await app.get('/tasks?project=p')).body.tasks.map(({ task_id }) => task_id);
  const claimed = async () => (await app.claim('p', crypto.randomUUID())).body.task?.task_id;
  const notes = () => database.query('select text from task_notes');

  it('nothing shows a deleted task, and restored it is as it was, at its place', async () => {
    await app.add('p', { task_id: 'TASK-1', labels: ['a'], metadata: { b: 1 } }, 'TASK-2');
    await app.post('/tasks/TASK-1/notes?project=p', { text: 'Keep me' });
    const before = await task('TASK-1');
    expect((await remove('TASK-1')).body.deleted_task).toEqual(before);
    expect(await ids()).toEqual(['TASK-2']);
    expect((await app.get('/tasks/TASK-1?project=p')).status).toBe(404);
    expect((await app.get('/tasks/TASK-1/notes?project=p')).status).toBe(404);
    expect((await app.patch('/tasks/TASK-1?project=p', { priority: 1 })).status).toBe(404);
    const { status, body } = await restore('TASK-1');
    expect(status).toBe(200);
    expect(body.restored_task).toEqual({ ...before, updated_at: expect.any(String) });
    expect(await ids()).toEqual(['TASK-1', 'TASK-2']);
    expect((await app.get('/tasks/TASK-1/notes?project=p')).body.count).toBe(1);
  });

  it('no claim gives out a deleted task, and the counts leave it out', async () => {
    await app.add('p', 'TASK-1');
    await remove('TASK-1');
    expect(await claimed()).toBeUndefined();
    expect((await app.get('/projects/p')).body).toMatchObject({ counts: { ready: 0 } });
    await restore('TASK-1');
    expect((await app.get('/projects/p')).body).toMatchObject({ counts: { ready: 1 } });
    expect(await claimed()).toBe('TASK-1');
  });

  it('the id of a deleted task is taken, and the refusal says so', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await remove('TASK-1');
    const { status, body } = await app.post('/tasks/batch', {
      tasks: ['TASK-1', 'TASK-2', 'TASK-3'].map((task_id) => ({
        task_id,
        project_id: 'p',
        description: 'x',
      })),
    });
    expect([status, body.code]).toEqual([409, 'task_exists']);
    expect(body.error).toContain('taken by deleted tasks that can still be restored: TASK-1');
    expect(body.details).toMatchObject({
      existing: [{ project_id: 'p', task_id: 'TASK-2' }],
      deleted: [{ project_id: 'p', task_id: 'TASK-1' }],
    });
    expect(await ids()).toEqual(['TASK-2']);
  });

  it('the answer to a deletion says that the id stays taken, and until when the task can be restored', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3', 'TASK-4');
    const { body } = await remove('TASK-1');
    const [deleted] = await database.query<{ until: string }>(
      `select (extract(epoch from deleted_at + make_interval(days => 30)) * 1000)::bigint::text as until
      from deleted_tasks`,
    );
    expect(body.id_stays_taken).toBe(true);
    const early = Number(deleted?.until) - Date.parse(body.restorable_until ?? '');
    expect(early).toBeGreaterThanOrEqual(0);
    expect(early).toBeLessThan(60_000);
    const kept = appUnderTest({
      driver,
      connectionString: database[driver],
      settings: { reservationMinutes: 15, deletedDays: null },
    });
    expect((await kept.delete('/tasks/TASK-2?project=p')).body).toMatchObject({
      id_stays_taken: true,
      restorable_until: null,
    });
    expect((await remove('TASK-3', '&purge=true')).body).toMatchObject({
      id_stays_taken: false,
      restorable_until: null,
    });
  });

  it('purge frees the id at once, of a task that is there and of one that is deleted', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    for (const id of ['TASK-1', 'TASK-2']) await app.post(`/tasks/${id}/notes?project=p`, { text: 'x' });
    await remove('TASK-1');
    expect((await remove('TASK-1', '&purge=true')).body.deleted_task).toMatchObject({ task_id: 'TASK-1' });
    expect((await remove('TASK-2', '&purge=true')).body.deleted_task).toMatchObject({ task_id: 'TASK-2' });
    expect((await restore('TASK-1')).body.code).toBe('not_deleted');
    expect((await remove('TASK-1', '&purge=true')).status).toBe(404);
    expect(await notes()).toEqual([]);
    await app.add('p', 'TASK-1', 'TASK-2');
  });

  it('what is there, was never there or is deleted twice cannot be restored or deleted', async () => {
    await app.add('p', 'TASK-1');
    expect((await restore('TASK-1')).status).toBe(404);
    expect((await restore('TASK-9')).status).toBe(404);
    await remove('TASK-1');
    expect((await remove('TASK-1')).status).toBe(404);
  });

  it('a claim does not outlive the deletion, and its attempt does not count', async () => {
    await app.add('p', 'TASK-1');
    const { token } = (await app.claim('p', 'agent')).body.claim;
    await remove('TASK-1');
    expect((await restore('TASK-1')).body.restored_task).toMatchObject({
      status: 'pending',
      attempt: 0,
      claimed_by: null,
    });
    expect((await app.move('p', 'TASK-1', { status: 'completed', claim_token: token })).status).toBe(409);
    expect(await claimed()).toBe('TASK-1');
  });

  it('the history tells of both, in versions that follow each other, and attempts come back', async () => {
    await app.add('p', 'TASK-1');
    const { token } = (await app.claim('p', 'agent')).body.claim;
    await app.move('p', 'TASK-1', { status: 'completed', claim_token: token });
    await remove('TASK-1');
    await restore('TASK-1');
    expect(
      await database.query('select type, version, from_status, to_status from task_events order by seq'),
    ).toEqual([
      { type: 'added', version: 1, from_status: null, to_status: 'pending' },
      { type: 'claimed', version: 2, from_status: 'pending', to_status: 'in_progress' },
      { type: 'moved', version: 3, from_status: 'in_progress', to_status: 'completed' },
      { type: 'deleted', version: 4, from_status: 'completed', to_status: null },
      { type: 'restored', version: 5, from_status: null, to_status: 'completed' },
    ]);
    expect((await app.get('/tasks/TASK-1?project=p&include=attempts')).body).toMatchObject({
      attempts: [{ agent_id: 'agent', outcome: 'completed' }],
    });
  });

  it('what waited for a deleted task is stuck, and waits for it again once it is restored', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', needs: ['TASK-1'], priority: 0 });
    await remove('TASK-1');
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    expect((await restore('TASK-1')).body.restored_task).toMatchObject({
      priority: 2,
      effective_priority: 0,
    });
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 1, stuck_needs: 0 });
    expect(await claimed()).toBe('TASK-1');
    await app.move('p', 'TASK-1', { status: 'completed', force: true });
    expect(await claimed()).toBe('TASK-2');
  });

  it('a restored task needs again what it needed, as that stands by now', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', { task_id: 'TASK-3', needs: ['TASK-1', 'TASK-2'] });
    await remove('TASK-3');
    await app.move('p', 'TASK-1', { status: 'in_progress' });
    await app.move('p', 'TASK-1', { status: 'completed' });
    expect((await restore('TASK-3')).body.restored_task).toMatchObject({ unmet_needs: 1 });
    expect(await claimed()).toBe('TASK-2');
    expect(await claimed()).toBeUndefined();
  });

  it('a restored task whose need is gone is refused until that is back', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', needs: ['TASK-1'] });
    await remove('TASK-2');
    await remove('TASK-1');
    const { status, body } = await restore('TASK-2');
    expect([status, body.code, body.details]).toEqual([404, 'need_not_found', { task_ids: ['TASK-1'] }]);
    await restore('TASK-1');
    expect((await restore('TASK-2')).body.restored_task).toMatchObject({ unmet_needs: 1 });
  });

  it('a need that was met stays met where its task is gone', async () => {
    await app.add('p', { task_id: 'TASK-1', status: 'completed' }, { task_id: 'TASK-2', needs: ['TASK-1'] });
    await remove('TASK-2');
    await remove('TASK-1', '&purge=true');
    expect((await restore('TASK-2')).body.restored_task).toMatchObject({ unmet_needs: 0 });
    expect(await claimed()).toBe('TASK-2');
  });

  it('a restored task makes its artifacts again, unless another makes them by now', async () => {
    await app.put('/projects/p', { readiness: 'inputs' });
    await app.add('p', { task_id: 'TASK-1', expected_outputs: ['A'] }, { task_id: 'TASK-2', inputs: ['A'] });
    await remove('TASK-1');
    await app.add('p', { task_id: 'TASK-3', expected_outputs: ['A'] });
    expect((await restore('TASK-1')).body.code).toBe('artifact_has_producer');
    await app.move('p', 'TASK-3', { status: 'cancelled' });
    expect((await restore('TASK-1')).status).toBe(200);
    await app.move('p', 'TASK-1', { status: 'in_progress' });
    await app.move('p', 'TASK-1', { status: 'completed' });
    expect(await claimed()).toBe('TASK-2');
  });

  it('a deletion and a restoration are done once for one Idempotency-Key', async () => {
    await app.add('p', 'TASK-1');
    await remove('TASK-1');
    const first = await restore('TASK-1', { 'idempotency-key': 'key' });
    expect((await restore('TASK-1', { 'idempotency-key': 'key' })).body).toEqual(first.body);
    expect(first.status).toBe(200);
  });

  it('of restorations and additions at once, one has the id', async () => {
    await app.add('p', 'TASK-1');
    await remove('TASK-1');
    const answers = await Promise.all([
      restore('TASK-1'),
      restore('TASK-1'),
      app.post('/tasks/batch', { tasks: [{ task_id: 'TASK-1', project_id: 'p', description: 'x' }] }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 409]);
    expect(await ids()).toEqual(['TASK-1']);
  });
});
