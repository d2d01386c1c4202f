import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

describe.each(DRIVERS)('edits of inputs and outputs that count, over %s', (driver) => {
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

  const task = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;
  const edit = (id: string, fields: object) => app.patch(`/tasks/${id}?project=p`, fields);
  const parents = () =>
    database.query('select task_id, need, parent, state from task_needs order by task_id, need');
  const types = async (id: string) =>
    (
      await database.query<{ type: string }>('select type from task_events where task_id = $1 order by seq', [
        id,
      ])
    ).map(({ type }) => type);

  it('an input that is added is waited for, and one that is taken away no longer', async () => {
    await app.add('p', { task_id: 'TASK-1', expected_outputs: ['A'] }, 'TASK-2');
    expect((await edit('TASK-2', { inputs: ['A', 'A'] })).body.updated_task).toMatchObject({
      unmet_needs: 1,
    });
    expect(await parents()).toEqual([{ task_id: 'TASK-2', need: 'A', parent: 'TASK-1', state: 'waiting' }]);
    expect((await edit('TASK-2', { inputs: null })).body.updated_task).toMatchObject({ unmet_needs: 0 });
    expect(await types('TASK-2')).toEqual(['added', 'blocked', 'edited', 'ready', 'edited']);
    expect((await app.claim('p', 'one', { capacity: 2 })).body.task?.task_id).toBe('TASK-1');
    expect((await app.claim('p', 'one', { capacity: 2 })).body.task?.task_id).toBe('TASK-2');
  });

  it('versions follow each other through an edit that blocks the task', async () => {
    await app.add('p', { task_id: 'TASK-1', expected_outputs: ['A'] }, 'TASK-2');
    await edit('TASK-2', { inputs: ['A'], not_before: '2200-01-01T00:00:00Z' });
    const versions = await database.query(
      `select version from task_events where task_id = 'TASK-2' order by seq`,
    );
    expect(versions).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });

  it('an output that is added is what others wait for, and makes its task as urgent', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', inputs: ['A'], priority: 0 });
    await edit('TASK-1', { expected_outputs: ['A'] });
    expect(await task('TASK-1')).toMatchObject({ effective_priority: 0 });
    await app.move('p', 'TASK-1', { status: 'in_progress' });
    await app.move('p', 'TASK-1', { status: 'completed' });
    expect(await task('TASK-2')).toMatchObject({ unmet_needs: 0 });
  });

  it('an output that is taken away is made by nobody, or by whom it was made before', async () => {
    await app.add('p', { task_id: 'TASK-1', expected_outputs: ['A'] });
    await app.move('p', 'TASK-1', { status: 'cancelled' });
    await app.add('p', { task_id: 'TASK-2', expected_outputs: ['A', 'B'] });
    await app.add('p', { task_id: 'TASK-3', inputs: ['A', 'B'], priority: 0 });
    await edit('TASK-2', { expected_outputs: [] });
    expect(await parents()).toEqual([
      { task_id: 'TASK-3', need: 'A', parent: 'TASK-1', state: 'failed' },
      { task_id: 'TASK-3', need: 'B', parent: null, state: 'waiting' },
    ]);
    expect(await task('TASK-2')).toMatchObject({ effective_priority: 2 });
    expect(await task('TASK-3')).toMatchObject({ unmet_needs: 2, stuck_needs: 1 });
  });

  it('an output that another live task makes is refused, and nothing is changed', async () => {
    await app.add('p', { task_id: 'TASK-1', expected_outputs: ['A'] }, 'TASK-2');
    const before = await task('TASK-2');
    const { status, body } = await edit('TASK-2', { expected_outputs: ['A'], description: 'Otherwise' });
    expect([status, body.code]).toEqual([409, 'artifact_has_producer']);
    expect(body.details).toMatchObject({ name: 'A', producer: 'TASK-1', task_id: 'TASK-2' });
    expect(await task('TASK-2')).toEqual(before);
  });

  it('tasks that would wait for each other are refused', async () => {
    await app.add(
      'p',
      { task_id: 'TASK-1', expected_outputs: ['A'], inputs: ['B'] },
      { task_id: 'TASK-2', inputs: ['A'] },
    );
    const { status, body } = await edit('TASK-2', { expected_outputs: ['B'] });
    expect([status, body.code]).toEqual([409, 'need_cycle']);
    expect((await edit('TASK-1', { expected_outputs: ['A', 'B'] })).body.code).toBe('need_cycle');
  });

  it('a failed task may get other outputs, which a reset holds against those of others', async () => {
    await app.add('p', { task_id: 'TASK-1', expected_outputs: ['A'] });
    await app.move('p', 'TASK-1', { status: 'cancelled' });
    await app.add('p', { task_id: 'TASK-2', expected_outputs: ['B'] });
    expect((await edit('TASK-1', { expected_outputs: ['B'] })).status).toBe(200);
    expect((await app.move('p', 'TASK-1', { status: 'pending', reset: true })).body.code).toBe(
      'artifact_has_producer',
    );
  });

  it('an input that a running task gets counts as a need, and its claim goes on', async () => {
    await app.add('p', 'TASK-1');
    await app.claim('p', 'agent');
    await edit('TASK-1', { inputs: ['A'] });
    expect(await task('TASK-1')).toMatchObject({
      status: 'in_progress',
      unmet_needs: 1,
      claimed_by: 'agent',
    });
  });

  it('in a project where artifacts do not count, inputs are words', async () => {
    await app.put('/projects/p', { readiness: 'declared' });
    await app.add('p', 'TASK-1');
    expect((await edit('TASK-1', { inputs: ['A'] })).body.updated_task).toMatchObject({ unmet_needs: 0 });
  });
});
