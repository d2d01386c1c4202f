import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newTask, UNCLAIMED } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const TRICKY_TEXTS = [
  `'; drop table tasks; --`,
  `"double" 'single' \`back\` \\ backslash \\u0041 $1 %s {{x}}`,
  'emoji 👩‍👩‍👧 flags 🇩🇪 and ÿ ÿ \u{10ffff}',
  'line\nbreaks\r\nand\ttabs',
  '  leading and trailing  ',
  '{"json": [1, null, {"a": "b"}]}',
  '{a,b,"c",NULL}',
  'null',
  '\u0001\u001f\u007f\u0085\u2028\u2029\ufeff',
];

describe.each(DRIVERS)('batches over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  it('the service gives every text back exactly as it was sent', async () => {
    const tasks = TRICKY_TEXTS.map((text, index) => ({
      task_id: `TASK-${index}`,
      description: text,
      generator_name: text,
      inputs: [text, 'EPIC-006'],
      expected_outputs: [text],
      context_notes: text,
    }));
    await app.add('p', ...tasks);
    for (const { task_id, description } of tasks) {
      await app.move('p', task_id, { status: 'in_progress', completion_notes: description });
    }
    const { body } = await app.get('/tasks?project=p');
    expect(body.tasks).toMatchObject(tasks.map((task) => ({ ...task, completion_notes: task.description })));
  });

  it('the tasks of a batch are listed in the order of its array', async () => {
    const ids = ['ZED-9', 'TASK-3', 'ALPHA-1', 'TASK-1', 'TASK-2'];
    await app.add('p', ...ids);
    await app.add('p', 'AAA-1');
    const { body } = await app.get('/tasks?project=p');
    expect(body.tasks.map((task) => task.task_id)).toEqual([...ids, 'AAA-1']);
    expect((await app.get('/tasks/next?project=p')).body.task?.task_id).toBe('ZED-9');
  });

  it('a batch takes tasks of any status and dates those added as completed', async () => {
    await app.add(
      'p',
      'TASK-1',
      { task_id: 'TASK-2', status: 'in_progress' },
      { task_id: 'TASK-3', status: 'completed' },
    );
    const { body } = await app.get('/tasks?project=p');
    expect(body.tasks.map(({ status, completed_at }) => [status, completed_at !== null])).toEqual([
      ['pending', false],
      ['in_progress', false],
      ['completed', true],
    ]);
  });

  it('a field that a task leaves out becomes null or an empty list', async () => {
    await app.add('p', { task_id: 'TASK-1', generator_name: null, context_notes: null });
    const { body } = await app.get('/tasks/TASK-1?project=p');
    expect(body.task).toEqual({
      task_id: 'TASK-1',
      project_id: 'p',
      description: 'Do TASK-1',
      generator_name: null,
      status: 'pending',
      inputs: [],
      expected_outputs: [],
      context_notes: null,
      created_at: body.task?.updated_at,
      updated_at: expect.any(String),
      completed_at: null,
      completion_notes: null,
      ...UNCLAIMED,
    });
  });

  it('a batch with ids that exist is refused with all of them and adds nothing', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await app.add('other', 'TASK-3');
    const ids = ['TASK-3', 'TASK-2', 'TASK-4', 'TASK-1'];
    const answer = await app.post('/tasks/batch', { tasks: ids.map((id) => newTask('p', id)) });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'task_exists',
      error: expect.stringContaining('TASK-2, TASK-1'),
      details: { task_ids: ['TASK-2', 'TASK-1'] },
    });
    expect((await app.get('/tasks?project=p')).body.count).toBe(2);
  });

  it('a batch takes 500 tasks of several projects', async () => {
    const tasks = Array.from({ length: 500 }, (_, index) =>
      newTask(`p${index % 5}`, `TASK-${Math.floor(index / 5)}`),
    );
    const { status, body } = await app.post('/tasks/batch', { tasks });
    expect(status).toBe(200);
    expect(body.tasks_added).toBe(500);
    expect((await app.get('/tasks?project=p3')).body.count).toBe(100);
  });
});
