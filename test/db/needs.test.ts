import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

describe.each(DRIVERS)('needs over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const needing = (task_id: string, ...needs: unknown[]) => ({ task_id, needs });
  const task = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;
  const claimed = async () => (await app.claim('p', crypto.randomUUID())).body.task?.task_id;
  const start = (id: string) => app.move('p', id, { status: 'in_progress', force: true });
  const end = async (id: string, status: string) => {
    if ((await task(id))?.status === 'pending' && status !== 'cancelled') await start(id);
    const ended = await app.move('p', id, { status, force: true });
    expect(ended.body).toMatchObject({ success: true });
  };

  it('a task is neither next nor claimable before what it needs is completed', async () => {
    await app.add('p', needing('TASK-2', 'TASK-1'), 'TASK-1');
    expect(await task('TASK-2')).toMatchObject({ status: 'pending', unmet_needs: 1, stuck_needs: 0 });
    expect((await app.get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-1');
    expect(await claimed()).toBe('TASK-1');
    expect(await claimed()).toBeUndefined();
    expect((await app.get('/tasks/next?project=p')).body.task).toBeNull();
    await end('TASK-1', 'completed');
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 0 });
    expect((await app.get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-2');
    expect(await claimed()).toBe('TASK-2');
  });

  it('a task waits for each of its needs', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', needing('TASK-3', 'TASK-1', 'TASK-2'));
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 2 });
    await end('TASK-2', 'completed');
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 1 });
    await end('TASK-1', 'completed');
    expect(await claimed()).toBe('TASK-3');
  });

  it('within a group, one need that is met will do', async () => {
    const either = (task_id: string) => ({ task_id, group: 'either' });
    await app.add('p', 'TASK-1', 'TASK-2', needing('TASK-3', either('TASK-1'), either('TASK-2')));
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 1 });
    await end('TASK-1', 'failed');
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 1, stuck_needs: 0 });
    await end('TASK-2', 'completed');
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 0, stuck_needs: 0 });
  });

  it.each([
    { when: 'completed', ended: 'completed', unmet: 0, stuck: 0 },
    { when: 'completed', ended: 'failed', unmet: 1, stuck: 1 },
    { when: 'completed', ended: 'cancelled', unmet: 1, stuck: 1 },
    { when: 'ended', ended: 'failed', unmet: 0, stuck: 0 },
    { when: 'ended', ended: 'cancelled', unmet: 0, stuck: 0 },
    { when: 'failed', ended: 'failed', unmet: 0, stuck: 0 },
    { when: 'failed', ended: 'completed', unmet: 1, stuck: 1 },
  ])('a need when $when leaves $unmet unmet and $stuck stuck after the task is $ended', async (row) => {
    await app.add('p', 'TASK-1', needing('TASK-2', { task_id: 'TASK-1', when: row.when }));
    await end('TASK-1', row.ended);
    expect(await task('TASK-2')).toMatchObject({
      status: 'pending',
      unmet_needs: row.unmet,
      stuck_needs: row.stuck,
    });
  });

  it('a need that is to be ignored on failure is met by any end', async () => {
    await app.add('p', 'TASK-1', needing('TASK-2', { task_id: 'TASK-1', on_failure: 'ignore' }));
    await end('TASK-1', 'cancelled');
    expect(await claimed()).toBe('TASK-2');
  });

  it('a cancellation goes on to those that ask for it, and tells them why', async () => {
    const doomed = (task_id: string, need: string) =>
      needing(task_id, { task_id: need, on_failure: 'cancel' });
    await app.add(
      'p',
      'TASK-1',
      doomed('TASK-2', 'TASK-1'),
      doomed('TASK-3', 'TASK-2'),
      needing('TASK-4', 'TASK-3'),
    );
    await end('TASK-1', 'failed');
    expect(await task('TASK-2')).toMatchObject({
      status: 'cancelled',
      last_error: 'Cancelled because it needs TASK-1, which was failed',
    });
    expect(await task('TASK-3')).toMatchObject({
      status: 'cancelled',
      last_error: 'Cancelled because it needs TASK-2, which was cancelled',
    });
    expect(await task('TASK-4')).toMatchObject({ status: 'pending', unmet_needs: 1, stuck_needs: 1 });
    const { body } = await app.get('/tasks/TASK-3/history?project=p&order=oldest');
    expect(body).toMatchObject({
      events: [{ type: 'added' }, { type: 'moved', from_status: 'pending', to_status: 'cancelled' }],
    });
  });

  it('a parent that is reset blocks its children again', async () => {
    await app.add('p', 'TASK-1', needing('TASK-2', 'TASK-1'));
    await end('TASK-1', 'completed');
    await app.move('p', 'TASK-1', { status: 'pending', reset: true });
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 1, stale: false });
    expect(await claimed()).toBe('TASK-1');
  });

  it('a parent that is reset leaves the claim of its child alone and marks it stale', async () => {
    await app.add('p', 'TASK-1', needing('TASK-2', 'TASK-1'));
    await end('TASK-1', 'completed');
    const { body } = await app.claim('p', 'a');
    await app.move('p', 'TASK-1', { status: 'pending', reset: true });
    expect(await task('TASK-2')).toMatchObject({ status: 'in_progress', unmet_needs: 1, stale: true });
    const { token } = body.claim;
    const done = await app.move('p', 'TASK-2', { status: 'completed', claim_token: token });
    expect(done.body.updated_task).toMatchObject({ status: 'completed', stale: true });
  });

  it('a task that is deleted before its end leaves what needs it stuck', async () => {
    await app.add('p', 'TASK-1', needing('TASK-2', 'TASK-1'));
    await app.delete('/tasks/TASK-1?project=p');
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
  });

  it('a task that is deleted after its end leaves what needs it ready', async () => {
    await app.add('p', 'TASK-1', needing('TASK-2', 'TASK-1'));
    await end('TASK-1', 'completed');
    await app.delete('/tasks/TASK-1?project=p');
    expect(await claimed()).toBe('TASK-2');
  });

  it('a need for a task that the project does not have is refused', async () => {
    await app.add('q', 'TASK-1');
    const tasks = [{ task_id: 'TASK-2', project_id: 'p', description: 'd', needs: ['TASK-1', 'TASK-9'] }];
    const { status, body } = await app.post('/tasks/batch', { tasks });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'need_not_found',
      error: expect.stringContaining('no such task to need: TASK-1, TASK-9'),
      details: { task_ids: ['TASK-1', 'TASK-9'] },
    });
    expect((await app.get('/tasks?project=p')).body.count).toBe(0);
  });

  it('a batch whose tasks wait for each other is refused with the path', async () => {
    const tasks = [
      { task_id: 'TASK-1', project_id: 'p', description: 'd', needs: ['TASK-2'] },
      { task_id: 'TASK-2', project_id: 'p', description: 'd', needs: ['TASK-3'] },
      { task_id: 'TASK-3', project_id: 'p', description: 'd', needs: ['TASK-1'] },
    ];
    const { status, body } = await app.post('/tasks/batch', { tasks });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'need_cycle',
      error: expect.stringContaining('TASK-1 needs TASK-2 needs TASK-3 needs TASK-1'),
      details: { path: ['TASK-1', 'TASK-2', 'TASK-3', 'TASK-1'] },
    });
  });

  it('what gates an urgent task is claimed first, as far back as that goes', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', needing('TASK-3', 'TASK-2'));
    await app.add('p', { task_id: 'TASK-4', priority: 0, needs: ['TASK-3'] });
    expect(await task('TASK-2')).toMatchObject({ priority: 2, effective_priority: 0 });
    expect(await claimed()).toBe('TASK-2');
    expect(await claimed()).toBe('TASK-1');
  });

  it('what gates an urgent task that is cancelled has its own priority again', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', { task_id: 'TASK-3', priority: 0, needs: ['TASK-2'] });
    await end('TASK-3', 'cancelled');
    expect(await task('TASK-2')).toMatchObject({ priority: 2, effective_priority: 2 });
    expect(await claimed()).toBe('TASK-1');
  });

  it('what gates an urgent task is urgent again when that task is to be done again', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', priority: 0, needs: ['TASK-1'] });
    await end('TASK-2', 'cancelled');
    await app.move('p', 'TASK-2', { status: 'pending', reset: true });
    expect(await task('TASK-1')).toMatchObject({ priority: 2, effective_priority: 0 });
  });

  it('what a group does not wait for any more has its own priority', async () => {
    const either = (task_id: string) => ({ task_id, group: 'either' });
    await app.add('p', 'TASK-1', 'TASK-2', {
      task_id: 'TASK-3',
      priority: 0,
      needs: [either('TASK-1'), either('TASK-2')],
    });
    const urgency = async () => (await task('TASK-1'))?.effective_priority;
    expect(await urgency()).toBe(0);
    await end('TASK-2', 'completed');
    expect(await urgency()).toBe(2);
    await app.move('p', 'TASK-2', { status: 'pending', reset: true });
    expect(await urgency()).toBe(0);
    await end('TASK-2', 'completed');
    await app.delete('/tasks/TASK-3/needs/TASK-2?project=p');
    expect(await urgency()).toBe(0);
  });

  it('a task that is cancelled with others names the need that made it so', async () => {
    const fatal = (task_id: string) => ({ task_id, on_failure: 'cancel' });
    await app.add(
      'p',
      'TASK-1',
      'TASK-2',
      needing('TASK-3', fatal('TASK-1')),
      needing('TASK-4', fatal('TASK-2'), fatal('TASK-3')),
    );
    await end('TASK-1', 'failed');
    expect(await task('TASK-4')).toMatchObject({
      last_error: 'Cancelled because it needs TASK-3, which was cancelled',
    });
  });

  it('a claim that gives up on a task gets what that makes ready', async () => {
    await app.add(
      'p',
      { task_id: 'TASK-1', max_attempts: 1 },
      needing('TASK-2', { task_id: 'TASK-1', when: 'failed' }),
    );
    await app.claim('p', 'gone');
    await database.query(
      "update tasks set lease_expires_at = now(), lease_check_at = now() where task_id = 'TASK-1'",
    );
    expect(await claimed()).toBe('TASK-2');
    expect(await task('TASK-1')).toMatchObject({ status: 'failed' });
  });
});
