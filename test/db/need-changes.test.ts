import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

describe.each(DRIVERS)('changes of needs over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const task = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;
  const needOf = (id: string, need: string) => `/tasks/${id}/needs/${need}?project=p`;
  const put = (id: string, need: string, terms: object = {}) => app.put(needOf(id, need), terms);
  const claimed = async () => (await app.claim('p', crypto.randomUUID())).body.task?.task_id;

  it('a need that is set blocks the task, and one that is taken away makes it ready', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    const { status, body } = await put('TASK-1', 'TASK-2');
    expect(status).toBe(200);
    expect(body.updated_task).toMatchObject({ task_id: 'TASK-1', unmet_needs: 1 });
    expect(await claimed()).toBe('TASK-2');
    expect((await app.delete(needOf('TASK-1', 'TASK-2'))).body.updated_task).toMatchObject({
      unmet_needs: 0,
    });
    expect(await claimed()).toBe('TASK-1');
  });

  it('a need that is set again has the new terms and counts once', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await put('TASK-1', 'TASK-2');
    await put('TASK-1', 'TASK-2', { when: 'ended', group: 'any', on_failure: 'cancel' });
    expect(await task('TASK-1')).toMatchObject({ unmet_needs: 1 });
    const { body } = await app.get('/tasks/TASK-1?project=p&include=needs');
    expect(body).toMatchObject({
      needs: [
        {
          kind: 'task',
          need: 'TASK-2',
          when: 'ended',
          group: 'any',
          on_failure: 'cancel',
          state: 'waiting',
          task_id: 'TASK-2',
          status: 'pending',
        },
      ],
    });
  });

  it('a need for a task that has ended already is met at once', async () => {
    await app.add('p', { task_id: 'TASK-1', status: 'completed' }, 'TASK-2');
    expect((await put('TASK-2', 'TASK-1')).body.updated_task).toMatchObject({ unmet_needs: 0 });
  });

  it('another need of a group that is stuck gives the group a way out', async () => {
    await app.add('p', { task_id: 'TASK-1', status: 'failed' }, 'TASK-2', 'TASK-3');
    await put('TASK-3', 'TASK-1', { group: 'any' });
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    await put('TASK-3', 'TASK-2', { group: 'any' });
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 1, stuck_needs: 0 });
    await app.delete(needOf('TASK-3', 'TASK-2'));
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
  });

  it('a group that asks to be cancelled is, when the last way to meet it is taken away', async () => {
    await app.add('p', { task_id: 'TASK-1', status: 'failed' }, 'TASK-2', 'TASK-3');
    await put('TASK-3', 'TASK-2', { group: 'any', on_failure: 'cancel' });
    await put('TASK-3', 'TASK-1', { group: 'any', on_failure: 'cancel' });
    expect(await task('TASK-3')).toMatchObject({ status: 'pending', stuck_needs: 0 });
    expect((await app.delete(needOf('TASK-3', 'TASK-2'))).body.updated_task).toMatchObject({
      status: 'cancelled',
      last_error: 'Cancelled because it needs TASK-1, which was failed',
    });
  });

  it('needs that close a cycle between tasks that exist are refused with the path', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    await put('TASK-2', 'TASK-1');
    await put('TASK-3', 'TASK-2');
    const { status, body } = await put('TASK-1', 'TASK-3');
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'need_cycle',
      error: expect.stringContaining('TASK-1 needs TASK-3 needs TASK-2 needs TASK-1'),
      details: { path: ['TASK-1', 'TASK-3', 'TASK-2', 'TASK-1'] },
    });
    expect(await task('TASK-1')).toMatchObject({ unmet_needs: 0 });
  });

  it('a task cannot need itself', async () => {
    await app.add('p', 'TASK-1');
    expect((await put('TASK-1', 'TASK-1')).body).toMatchObject({
      code: 'need_cycle',
      details: { path: ['TASK-1', 'TASK-1'] },
    });
  });

  it('needs of tasks that do not exist are refused by name', async () => {
    await app.add('p', 'TASK-1');
    expect((await put('TASK-9', 'TASK-1')).body).toMatchObject({ code: 'task_not_found' });
    expect((await put('TASK-1', 'TASK-9')).body).toMatchObject({
      code: 'need_not_found',
      details: { task_ids: ['TASK-9'] },
    });
    expect((await app.delete(needOf('TASK-9', 'TASK-1'))).body.code).toBe('task_not_found');
    const { status, body } = await app.delete(needOf('TASK-1', 'TASK-9'));
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'need_not_found',
      error: expect.stringContaining('does not need TASK-9'),
    });
  });

  it('a blocked task cannot be started by a move, but by force', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', needs: ['TASK-1'] });
    const { status, body } = await app.move('p', 'TASK-2', { status: 'in_progress' });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'needs_unmet',
      error: expect.stringContaining('Task TASK-2 waits for TASK-1'),
      details: { unmet: [{ kind: 'task', need: 'TASK-1', state: 'waiting' }] },
    });
    const forced = await app.move('p', 'TASK-2', { status: 'in_progress', force: true });
    expect(forced.body.updated_task).toMatchObject({ status: 'in_progress' });
  });

  it('the log tells which needs were set and removed', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await put('TASK-1', 'TASK-2', { on_failure: 'ignore' });
    await app.delete(needOf('TASK-1', 'TASK-2'));
    expect((await app.get('/tasks/TASK-1/history?project=p&order=oldest')).body).toMatchObject({
      events: [
        { type: 'added' },
        { type: 'blocked', caller: 'graph', data: { was: 'ready' } },
        { type: 'need_set', data: { need: 'TASK-2', when: 'completed', on_failure: 'ignore' } },
        { type: 'ready', caller: 'graph', data: { was: 'blocked' } },
        { type: 'need_removed', data: { need: 'TASK-2' } },
      ],
    });
  });
});
