import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const nameless = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ description: `Do ${index}` }));
const numbered = (from: number, to: number, prefix = 'TASK') =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}-${String(from + index).padStart(3, '0')}`);

describe.each(DRIVERS)('tasks without ids over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  const addNameless = async (count: number, more: object = {}, headers = {}) =>
    app.post('/tasks/batch', { project_id: 'p', tasks: nameless(count), ...more }, headers);

  it('tasks get the next ids of their project, in the order of the array', async () => {
    expect((await addNameless(2)).body).toEqual({
      success: true,
      tasks_added: 2,
      task_ids: ['TASK-001', 'TASK-002'],
    });
    expect((await addNameless(3)).body.task_ids).toEqual(numbered(3, 5));
    const { body } = await app.get('/tasks?project=p');
    expect(body.tasks.map(({ task_id }) => task_id)).toEqual(numbered(1, 5));
    expect(body.tasks.map(({ description }) => description)).toEqual([
      'Do 0',
      'Do 1',
      'Do 0',
      'Do 1',
      'Do 2',
    ]);
  });

  it('each project has numbers of its own, and a task may name a project other than its batch', async () => {
    const tasks = [
      { description: 'Do it' },
      { description: 'Do it', project_id: 'q' },
      { description: 'Do it' },
    ];
    const { body } = await addNameless(0, { tasks });
    expect(body.task_ids).toEqual(['TASK-001', 'TASK-001', 'TASK-002']);
  });

  it('ids that a batch names keep their place among those that it gets', async () => {
    const tasks = [{ description: 'a' }, { task_id: 'TASK-002', description: 'b' }, { description: 'c' }];
    const { body } = await addNameless(0, { tasks });
    expect(body.task_ids).toEqual(['TASK-003', 'TASK-002', 'TASK-004']);
  });

  it('a number has three digits or more', async () => {
    await app.add('p', 'TASK-998');
    expect((await addNameless(2)).body.task_ids).toEqual(['TASK-999', 'TASK-1000']);
  });

  it('a project has its own prefix where it sets one', async () => {
    await app.put('/projects/p', { task_id_prefix: 'TODO-HLS-005-IMPL' });
    expect((await addNameless(1)).body.task_ids).toEqual(['TODO-HLS-005-IMPL-001']);
    await app.put('/projects/p', { completion: 'checked' });
    expect((await addNameless(1)).body.task_ids).toEqual(['TODO-HLS-005-IMPL-002']);
  });

  it('what exists already moves the counter past it, even once it is deleted', async () => {
    await app.add('p', 'TASK-7', {
      task_id: 'OTHER-1',
      expected_outputs: ['TASK-0012', 'TASK-13.md', 'US-1'],
    });
    await app.put('/artifacts/TASK-020?project=p', {});
    await app.add('q', 'TASK-90');
    expect((await addNameless(1)).body.task_ids).toEqual(['TASK-021']);
    await app.delete('/tasks/TASK-021?project=p');
    expect((await addNameless(1)).body.task_ids).toEqual(['TASK-022']);
    await app.add('p', 'TASK-5', 'TASK-30');
    expect((await addNameless(1)).body.task_ids).toEqual(['TASK-031']);
  });

  it('an artifact that a completion brings counts, too', async () => {
    await app.add('p', 'OTHER-1');
    const { claim } = (await app.claim('p', 'agent')).body;
    const made = { claim_token: claim.token, artifacts: [{ name: 'TASK-008', uri: 'file:TASK-008.md' }] };
    expect((await app.move('p', 'OTHER-1', { status: 'completed', ...made })).status).toBe(200);
    expect((await addNameless(1)).body.task_ids).toEqual(['TASK-009']);
  });

  it('a batch that is refused leaves no gap', async () => {
    await app.add('p', 'TASK-002', 'OTHER-1');
    const taken = [{ description: 'a' }, { task_id: 'OTHER-1', description: 'b' }];
    expect((await addNameless(0, { tasks: taken })).body.code).toBe('task_exists');
    const astray = [{ description: 'a', needs: ['TASK-999'] }];
    expect((await addNameless(0, { tasks: astray })).body.code).toBe('need_not_found');
    expect((await addNameless(1)).body.task_ids).toEqual(['TASK-003']);
  });

  it('a task without an id may need others', async () => {
    await app.add('p', 'OTHER-1');
    const tasks = [
      { description: 'a' },
      { description: 'b', needs: ['OTHER-1', 'OTHER-2'] },
      { task_id: 'OTHER-2', description: 'c' },
    ];
    const { body } = await addNameless(0, { tasks });
    const { body: explained } = await app.get(`/tasks/${body.task_ids[1]}?project=p`);
    expect(explained.task).toMatchObject({ task_id: 'TASK-002', unmet_needs: 2 });
  });

  it('a batch that comes again with its key adds nothing and gets the same ids', async () => {
    const key = { 'idempotency-key': 'key' };
    const first = await addNameless(3, {}, key);
    const again = await addNameless(3, {}, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await app.get('/tasks?project=p')).body.count).toBe(3);
    expect((await addNameless(3)).body.task_ids).toEqual(numbered(4, 6));
  });

  it('a batch whose answer is lost is added once, without a key', async () => {
    await database.inject('answer_lost', { times: 1 });
    expect((await addNameless(3)).body.task_ids).toEqual(numbered(1, 3));
    expect((await app.get('/tasks?project=p')).body.count).toBe(3);
  });

  it('the log tells of each task that it was added', async () => {
    await addNameless(2);
    for (const task_id of numbered(1, 2)) {
      const { body } = await app.get(`/tasks/${task_id}/history?project=p`);
      expect(body).toMatchObject({ events: [{ task_id, type: 'added', version: 1, caller: 'anonymous' }] });
    }
  });

  it('batches at once, with ids of their own and without, get each number once and leave no gap', async () => {
    const batches = Array.from({ length: 20 }, (_, index) =>
      index % 4 === 0
        ? app.post('/tasks/batch', {
            project_id: 'p',
            tasks: [{ task_id: `MINE-${index}`, description: 'Do it' }],
          })
        : addNameless(3),
    );
    const answers = await Promise.all(batches);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const given = answers.flatMap(({ body }) => body.task_ids).filter((id) => id.startsWith('TASK'));
    expect(given.toSorted()).toEqual(numbered(1, 45));
  });

  it('a batch without a project is refused', async () => {
    const { status, body } = await app.post('/tasks/batch', { tasks: nameless(2) });
    expect([status, body.error]).toEqual([400, 'Missing required field: tasks[0].project_id']);
  });
});
