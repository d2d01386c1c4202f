import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

describe.each(DRIVERS)('artifacts over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    await app.put('/projects/p', { readiness: 'inputs' });
  });
  afterEach(() => expectGraphToAddUp(database));

  const makes = (task_id: string, ...expected_outputs: string[]) => ({ task_id, expected_outputs });
  const takes = (task_id: string, ...inputs: string[]) => ({ task_id, inputs });
  const task = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;
  const claimed = async () => (await app.claim('p', crypto.randomUUID())).body.task?.task_id;
  const end = async (id: string, status: string) => {
    if (status !== 'cancelled') await app.move('p', id, { status: 'in_progress', force: true });
    expect((await app.move('p', id, { status, force: true })).body).toMatchObject({ success: true });
  };

  it('a task waits for the task that makes its input, in whatever order they come', async () => {
    await app.add('p', takes('TASK-2', 'PRD-006'));
    expect(await claimed()).toBeUndefined();
    await app.add('p', makes('TASK-1', 'PRD-006'), takes('TASK-3', 'PRD-006'));
    expect(await claimed()).toBe('TASK-1');
    expect(await claimed()).toBeUndefined();
    await app.move('p', 'TASK-1', { status: 'completed', force: true });
    expect(await claimed()).toBe('TASK-2');
    expect(await claimed()).toBe('TASK-3');
  });

  it('an input that nobody makes is waited for until it is provided', async () => {
    await app.add('p', takes('TASK-1', 'INIT-001'));
    expect(await task('TASK-1')).toMatchObject({ unmet_needs: 1, stuck_needs: 0 });
    const sha256 = 'ab'.repeat(32);
    const { status, body } = await app.put('/artifacts/INIT-001?project=p', {
      uri: 's3://b/i',
      sha256,
      bytes: 7,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      provided_artifact: { name: 'INIT-001', uri: 's3://b/i', sha256, bytes: 7 },
    });
    const claim = await app.claim('p', 'a');
    expect(claim.body).toMatchObject({
      task: { task_id: 'TASK-1' },
      context: {
        needs: [
          {
            kind: 'artifact',
            need: 'INIT-001',
            artifacts: [{ name: 'INIT-001', uri: 's3://b/i', sha256, bytes: 7 }],
          },
        ],
      },
    });
    await app.add('p', takes('TASK-2', 'INIT-001'));
    expect(await claimed()).toBe('TASK-2');
  });

  it('a second live producer of an artifact is refused, naming the first', async () => {
    await app.add('p', makes('TASK-1', 'PRD-006'));
    const again = [{ ...makes('TASK-2', 'A', 'PRD-006'), project_id: 'p', description: 'd' }];
    const { status, body } = await app.post('/tasks/batch', { tasks: again });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'artifact_has_producer',
      details: { name: 'PRD-006', producer: 'TASK-1', task_id: 'TASK-2' },
    });
    await end('TASK-1', 'cancelled');
    expect((await app.post('/tasks/batch', { tasks: again })).status).toBe(200);
    const reset = await app.move('p', 'TASK-1', { status: 'pending', reset: true });
    expect(reset.body).toMatchObject({ code: 'artifact_has_producer', details: { producer: 'TASK-2' } });
    expect(await task('TASK-1')).toMatchObject({ status: 'cancelled' });
  });

  it('two producers of one artifact in a batch are refused', async () => {
    const tasks = [makes('TASK-1', 'A'), makes('TASK-2', 'A')].map((one) => ({
      ...one,
      project_id: 'p',
      description: 'd',
    }));
    expect((await app.post('/tasks/batch', { tasks })).body).toMatchObject({
      code: 'artifact_has_producer',
      details: { name: 'A', producer: 'TASK-1', task_id: 'TASK-2' },
    });
  });

  it('a task whose input fails is stuck until another task makes it', async () => {
    await app.add('p', makes('TASK-1', 'A'), takes('TASK-2', 'A'));
    await end('TASK-1', 'failed');
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    await app.add('p', makes('TASK-3', 'A'));
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 1, stuck_needs: 0 });
    await end('TASK-3', 'completed');
    expect(await claimed()).toBe('TASK-2');
  });

  it('what a completed task has made stays there after the task is deleted', async () => {
    await app.add('p', makes('TASK-1', 'A'));
    await end('TASK-1', 'completed');
    await app.delete('/tasks/TASK-1?project=p');
    await app.add('p', takes('TASK-2', 'A'));
    expect(await claimed()).toBe('TASK-2');
  });

  it('tasks whose artifacts wait for each other are refused with the path', async () => {
    await app.add('p', { ...makes('TASK-1', 'A'), inputs: ['B'] });
    const tasks = [{ ...makes('TASK-2', 'B'), inputs: ['A'], project_id: 'p', description: 'd' }];
    const { status, body } = await app.post('/tasks/batch', { tasks });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'need_cycle', details: { path: ['TASK-2', 'TASK-1', 'TASK-2'] } });
  });

  it('a task that is reset and would wait for itself through its artifact is refused with the path', async () => {
    await app.add('p', makes('TASK-1', 'A'), takes('TASK-3', 'A'));
    await end('TASK-1', 'cancelled');
    await app.add('p', makes('TASK-2', 'A'));
    await app.put('/tasks/TASK-1/needs/TASK-3?project=p', {});
    await end('TASK-2', 'cancelled');
    const { status, body } = await app.move('p', 'TASK-1', { status: 'pending', reset: true });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'need_cycle', details: { path: ['TASK-3', 'TASK-1', 'TASK-3'] } });
    expect(await task('TASK-1')).toMatchObject({ status: 'cancelled' });
  });

  it('an artifact that is provided makes its producer no more urgent than it is', async () => {
    await app.add('p', makes('TASK-1', 'A'), { ...takes('TASK-2', 'A'), priority: 0 });
    expect(await task('TASK-1')).toMatchObject({ effective_priority: 0 });
    await app.put('/artifacts/A?project=p', {});
    expect(await task('TASK-1')).toMatchObject({ effective_priority: 2 });
  });

  it('inputs count in projects that say so, and stop to count when they say otherwise', async () => {
    await app.add(
      'q',
      makes('TASK-1', 'A'),
      makes('TASK-2', 'B'),
      takes('TASK-3', 'A', 'B'),
      takes('TASK-4', 'C'),
    );
    const unmet = async () =>
      (await app.get('/tasks?project=q')).body.tasks.map(({ unmet_needs }) => unmet_needs);
    expect(await unmet()).toEqual([0, 0, 0, 0]);
    const { body } = await app.put('/projects/q', { readiness: 'inputs' });
    expect(body).toMatchObject({ updated_project: { project_id: 'q', readiness: 'inputs' } });
    expect(await unmet()).toEqual([0, 0, 2, 1]);
    await expectGraphToAddUp(database);
    await app.put('/projects/q', { readiness: 'declared' });
    expect(await unmet()).toEqual([0, 0, 0, 0]);
    await app.add('q', makes('TASK-5', 'A'));
  });

  it('a completion that lacks an expected output is refused where completions are checked', async () => {
    await app.put('/projects/p', { completion: 'checked' });
    await app.add('p', makes('TASK-1', 'A', 'B'));
    const { body } = await app.claim('p', 'a');
    const complete = (...names: string[]) =>
      app.move('p', 'TASK-1', {
        status: 'completed',
        claim_token: body.claim.token,
        artifacts: names.map((name) => ({ name, uri: `s3://b/${name}` })),
      });
    const refused = await complete('B');
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'outputs_missing',
      details: { task_id: 'TASK-1', missing: ['A'] },
    });
    expect((await complete('A', 'B')).body.updated_task).toMatchObject({ status: 'completed' });
  });
});
