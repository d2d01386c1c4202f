import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

describe.each(DRIVERS)('two projects with the same task ids over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    for (const project of ['alpha', 'beta']) {
      const ids = ['TASK-1', 'TASK-2', 'TASK-3'];
      await app.add(project, ...ids.map((task_id) => ({ task_id, description: `${project} ${task_id}` })));
    }
  });

  const descriptions = async (query: string) =>
    (await app.get(`/tasks?${query}`)).body.tasks.map((task) => task.description);

  it('every read of a project finds its own tasks only', async () => {
    for (const project of ['alpha', 'beta']) {
      const own = ['TASK-1', 'TASK-2', 'TASK-3'].map((id) => `${project} ${id}`);
      expect(await descriptions(`project=${project}`)).toEqual(own);
      expect(await descriptions(`project=${project}&status=pending`)).toEqual(own);
      expect((await app.get(`/tasks/next?project=${project}`)).body.task?.description).toBe(own[0]);
      expect((await app.get(`/tasks/TASK-2?project=${project}`)).body.task?.description).toBe(own[1]);
    }
  });

  it.each([
    'id_prefix=TASK',
    'q=task',
    'label=same',
    'generator_name=same',
    'state=ready',
    'priority_min=0',
    'sort=-updated',
  ])('%s finds the tasks of its own project only', async (query) => {
    for (const project of ['alpha', 'beta'])
      for (const id of ['TASK-1', 'TASK-2'])
        await app.patch(`/tasks/${id}?project=${project}`, { labels: ['same'], generator_name: 'same' });
    const { body } = await app.get(`/tasks?project=alpha&${query}&total=true`);
    expect(body.tasks.map(({ project_id }) => project_id)).toEqual(Array(body.count).fill('alpha'));
    expect(body.count).toBeGreaterThan(1);
    expect(body).toMatchObject({ total: body.count });
  });

  it('notes of one project are no words of another', async () => {
    await app.post('/tasks/TASK-2/notes?project=beta', { text: 'Seen a giraffe' });
    expect(await descriptions('project=alpha&q=giraffe')).toEqual([]);
    expect(await descriptions('project=beta&q=giraffe')).toEqual(['beta TASK-2']);
  });

  it('a cursor of one project leads into no task of another', async () => {
    const { body } = await app.get('/tasks?project=alpha&limit=1');
    expect((await app.get(`/tasks?project=beta&cursor=${body.next_cursor}`)).status).toBe(400);
    const beyond = await descriptions(`project=beta&cursor=${btoa('1')}`);
    expect(beyond.every((description) => description.startsWith('beta'))).toBe(true);
  });

  it('a move in one project leaves the task of the same id in another alone', async () => {
    const { body } = await app.move('beta', 'TASK-3', { status: 'in_progress', completion_notes: 'by beta' });
    expect(body.updated_task).toMatchObject({ project_id: 'beta', description: 'beta TASK-3' });
    expect((await app.get('/tasks/TASK-3?project=alpha')).body.task).toMatchObject({
      status: 'pending',
      completion_notes: null,
    });
  });

  it('a deletion in one project leaves the task of the same id in another alone', async () => {
    const { status, body } = await app.delete('/tasks/TASK-3?project=beta');
    expect(status).toBe(200);
    expect(body.deleted_task).toMatchObject({ project_id: 'beta', description: 'beta TASK-3' });
    expect(await descriptions('project=beta')).toEqual(['beta TASK-1', 'beta TASK-2']);
    expect(await descriptions('project=alpha')).toHaveLength(3);
    const again = await app.delete('/tasks/TASK-3?project=beta');
    expect(again).toMatchObject({ status: 404, body: { error: 'Task TASK-3 not found' } });
  });

  it('an edit in one project leaves the task of the same id in another alone', async () => {
    const before = (await app.get('/tasks/TASK-2?project=alpha')).body.task;
    const { body } = await app.patch('/tasks/TASK-2?project=beta&expected_revision=1', {
      priority: 0,
      labels: ['by beta'],
    });
    expect(body.updated_task).toMatchObject({ project_id: 'beta', description: 'beta TASK-2', revision: 2 });
    expect((await app.get('/tasks/TASK-2?project=alpha')).body.task).toEqual(before);
    const stale = await app.patch('/tasks/TASK-2?project=alpha&expected_revision=2', { priority: 0 });
    expect(stale.body.details).toMatchObject({ task_id: 'TASK-2', revision: 1 });
  });

  it('the notes of a task are none of the task of the same id in another project', async () => {
    await app.post('/tasks/TASK-2/notes?project=beta', { text: 'by beta' });
    expect((await app.get('/tasks/TASK-2/notes?project=alpha')).body.notes).toEqual([]);
    expect((await app.get('/tasks/TASK-2?project=alpha')).body.task).toMatchObject({ note_count: 0 });
    expect((await app.get('/tasks/TASK-2/notes?project=beta')).body.notes).toMatchObject([
      { text: 'by beta' },
    ]);
  });

  it('what one project deleted is neither restored nor taken in another', async () => {
    await app.delete('/tasks/TASK-3?project=beta');
    const foreign = await app.post('/tasks/TASK-3/restore?project=alpha', {});
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_deleted']);
    await app.add('gamma', 'TASK-3');
    const { body } = await app.post('/tasks/TASK-3/restore?project=beta', {});
    expect(body.restored_task).toMatchObject({ project_id: 'beta', description: 'beta TASK-3' });
    expect(await descriptions('project=alpha')).toHaveLength(3);
    expect(await descriptions('project=gamma')).toEqual(['Do TASK-3']);
  });

  it('each project counts its own ids', async () => {
    const reserve = async (project_id: string) =>
      (await app.post('/ids/reserve', { type: 'US', count: 2, project_id })).body.reserved_ids;
    expect(await reserve('alpha')).toEqual(['US-001', 'US-002']);
    expect(await reserve('beta')).toEqual(['US-001', 'US-002']);
    expect((await app.get('/ids/next?type=US&project=beta')).body.next_id).toBe('US-003');
    expect(await reserve('alpha')).toEqual(['US-003', 'US-004']);
    const add = async (project_id: string) =>
      (await app.post('/tasks/batch', { project_id, tasks: [{ description: 'Do it' }] })).body.task_ids;
    await app.add('alpha', 'TASK-40');
    expect(await add('alpha')).toEqual(['TASK-041']);
    expect(await add('beta')).toEqual(['TASK-004']);
  });

  it('a task of one project is not found in another', async () => {
    await app.add('alpha', 'ALPHA-1');
    expect((await app.get('/tasks/ALPHA-1?project=beta')).body.error).toBe('Task ALPHA-1 not found');
    const move = await app.move('beta', 'ALPHA-1', { status: 'in_progress' });
    expect(move).toMatchObject({ status: 404, body: { error: 'Task ALPHA-1 not found' } });
    expect((await app.get('/tasks/ALPHA-1?project=alpha')).body.task?.status).toBe('pending');
  });

  it('a project may add an id that another has', async () => {
    await app.add('gamma', 'TASK-1');
    const again = await app.post('/tasks/batch', {
      tasks: [{ task_id: 'TASK-1', project_id: 'gamma', description: 'again' }],
    });
    expect(again.status).toBe(409);
    expect(JSON.stringify(again.body)).not.toMatch(/alpha|beta/);
  });
});
