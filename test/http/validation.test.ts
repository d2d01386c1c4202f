import { describe, expect, it } from 'vitest';
import { newTask } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();

async function refusal(answer: ReturnType<typeof app.get>) {
  const { status, body } = await answer;
  expect(status).toBe(400);
  expect(body).toMatchObject({ success: false, request_id: expect.any(String) });
  return body;
}

const add = (...tasks: unknown[]) => app.post('/tasks/batch', { tasks });
const task = (fields: Record<string, unknown>) => add({ ...newTask('p', 'TASK-1'), ...fields });

describe('a query', () => {
  it.each([
    ['/tasks/next', 'Missing required parameter: project'],
    ['/tasks/next?project=', 'Missing required parameter: project'],
    ['/tasks', 'Missing required parameter: project'],
    ['/tasks/TASK-1', 'Missing required parameter: project'],
    [
      '/tasks?project=p&status=done',
      'Invalid parameter status: must be one of pending, in_progress, completed',
    ],
    ['/tasks?project=-p', 'Invalid parameter project: must be 1 to 100 letters'],
    [`/tasks?project=${'p'.repeat(101)}`, 'Invalid parameter project'],
    ['/tasks?project=p&project=q', 'Parameter project is given twice: give it once'],
    ['/tasks?project=p&status=pending&status=completed', 'Parameter status is given twice: give it once'],
    ['/tasks?project=p&limit=0', 'Invalid parameter limit: must be at least 1'],
    ['/tasks?project=p&limit=1001', 'Invalid parameter limit: must be at most 1000'],
    ['/tasks?project=p&limit=1e2', 'Invalid parameter limit: must be a whole number'],
    ['/tasks?project=p&cursor=%21', 'Invalid parameter cursor: must be the next_cursor'],
    ['/tasks?project=p&cursor=LTE', 'Invalid parameter cursor: must be the next_cursor'],
    ['/tasks/task-1?project=p', 'Invalid parameter task_id: must begin with a capital letter'],
    [`/tasks/TASK-${'1'.repeat(60)}?project=p`, 'Invalid parameter task_id: must have at most 64 characters'],
    ['/tasks/%FF-1?project=p', 'Invalid parameter task_id'],
  ])('the query %s is refused: %s', async (path, sentence) => {
    const body = await refusal(app.get(path));
    expect(body.code).toBe('validation_error');
    expect(body.error).toContain(sentence);
    expect(body.details['problems']).toEqual([expect.objectContaining({ problem: body.error })]);
  });

  it.each([
    [
      '/tasks/next?project=p&sort=age',
      'Unknown parameter: sort. Known parameters: project, status, wait_seconds',
    ],
    [
      '/tasks?project=p&__proto__=1',
      'Unknown parameter: __proto__. Known parameters: project, status, state, label, ',
    ],
    ['/tasks?project=p&a=1&b=2', 'Unknown parameters: a, b.'],
    ['/tasks/TASK-1?project=p&status=pending', 'Known parameters: project, include'],
    ['/projects?limit=1', 'Unknown parameter: limit. The request takes no parameters'],
  ])('the answer to %s names the unknown and lists the known', async (path, sentence) => {
    expect((await refusal(app.get(path))).error).toContain(sentence);
  });

  it('the details list each problem with its parameter', async () => {
    const { details } = await refusal(app.get('/tasks/next?projct=p&sort=age&status=done'));
    const problems = details['problems'] as { parameter: string }[];
    expect(problems.map(({ parameter }) => parameter)).toEqual(['project', 'status', 'projct, sort']);
  });

  it('an empty project is reported as missing, and as nothing else', async () => {
    const { error } = await refusal(app.get('/tasks/next?project='));
    expect(error).toBe('Missing required parameter: project');
  });

  it('a typo is named together with what it left missing', async () => {
    const { error } = await refusal(app.get('/tasks/next?projct=p'));
    expect(error).toBe(
      'Missing required parameter: project; Unknown parameter: projct. Known parameters: project, status, wait_seconds',
    );
  });

  it('the query is checked on the routes with a body, too', async () => {
    const move = app.put('/tasks/TASK-1/status?projekt=p', { status: 'in_progress' });
    expect((await refusal(move)).error).toBe('Unknown parameter: projekt. Known parameters: project');
    const { error } = await refusal(app.post('/tasks/batch?project=p', { tasks: [newTask('p', 'TASK-1')] }));
    expect(error).toContain('Unknown parameter: project.');
  });
});

describe('the body of a move', () => {
  it.each([
    [{}, 'Missing required field: status'],
    [{ status: null }, 'Invalid field status: must be one of'],
    [{ status: 'done' }, 'Invalid field status: must be one of pending, in_progress, completed'],
    [{ status: 'pending', reset: 'yes' }, 'Invalid field reset: must be true or false, not a string'],
    [
      { status: 'pending', completion_notes: 5 },
      'Invalid field completion_notes: must be a string, not a number',
    ],
    [{ status: 'pending', notes: '' }, 'Unknown field: notes. Known fields: status, reset, completion_notes'],
    [
      { status: 'pending', claim_token: 1042 },
      'Invalid field claim_token: must be the text that the claim answered as token, such as "1042.…"; a number is one of an earlier version: claim the task again',
    ],
    [{ status: 'completed', error: 'x' }, 'Invalid field error: goes with the status failed only'],
    [
      { status: 'pending', delay_seconds: 1 },
      'Invalid field delay_seconds: goes with the status failed only',
    ],
    [{ status: 'failed', delay_seconds: 604_801 }, 'must be a whole number from 0 to 604800'],
    [{ status: 'failed', error: 'x'.repeat(10_001) }, 'must have 1 to 10000 characters'],
    [[], 'Invalid request body: must be an object, not an array'],
    ['null', 'Invalid request body: must be an object, not null'],
  ])('a move of %j is refused: %s', async (body, sentence) => {
    expect((await refusal(app.put('/tasks/TASK-1/status', body))).error).toContain(sentence);
  });

  it.each(['', '{', '{"status": "pending"', 'status=pending', '\u0000'])('%j is not JSON', async (body) => {
    const { code, error } = await refusal(app.put('/tasks/TASK-1/status', body));
    expect(code).toBe('malformed_json');
    expect(error).toContain('not valid JSON');
  });

  it('the body of a move must be UTF-8', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"status":"'), 0xff, 0x22, 0x7d]);
    const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: bytes };
    expect((await refusal(app.get('/tasks/TASK-1/status', init))).code).toBe('malformed_json');
  });
});

describe('a batch', () => {
  it('a batch must have 1 to 500 tasks', async () => {
    expect((await refusal(add())).error).toBe('Invalid field tasks: must have at least one task');
    const many = Array.from({ length: 501 }, (_, index) => newTask('p', `TASK-${index}`));
    expect((await refusal(add(...many))).error).toBe('Invalid field tasks: must have at most 500 tasks');
    expect((await refusal(app.post('/tasks/batch', {}))).error).toBe('Missing required field: tasks');
  });

  it.each([
    [{ task_id: 'task-1' }, 'tasks[0].task_id'],
    [{ task_id: 'TASK1' }, 'tasks[0].task_id'],
    [{ task_id: '1-1' }, 'tasks[0].task_id'],
    [{ task_id: `T-${'1'.repeat(63)}` }, 'tasks[0].task_id: must have at most 64 characters'],
    [{ task_id: 'TASK-1\n' }, 'tasks[0].task_id'],
    [{ project_id: 'a b' }, 'tasks[0].project_id'],
    [{ description: '' }, 'tasks[0].description: must have 1 to 10000 characters'],
    [{ description: 'x'.repeat(10_001) }, 'tasks[0].description: must have 1 to 10000 characters'],
    [{ description: '😀'.repeat(10_001) }, 'tasks[0].description: must have 1 to 10000 characters'],
    [{ description: 'a\u0000b' }, 'tasks[0].description: must not contain NUL'],
    [{ description: 'a\ud800b' }, 'tasks[0].description: must not contain lone surrogates'],
    [{ description: null }, 'tasks[0].description: must be a string, not null'],
    [{ context_notes: 'x'.repeat(10_001) }, 'tasks[0].context_notes: must have at most 10000 characters'],
    [{ generator_name: 'x'.repeat(201) }, 'tasks[0].generator_name: must have at most 200 characters'],
    [{ status: 'done' }, 'tasks[0].status: must be one of'],
    [{ priority: 5 }, 'tasks[0].priority: must be a whole number from 0 to 4'],
    [{ priority: 1.5 }, 'tasks[0].priority: must be a whole number from 0 to 4'],
    [{ max_attempts: 0 }, 'tasks[0].max_attempts: must be a whole number from 1 to 100'],
    [{ max_attempts: 101 }, 'tasks[0].max_attempts: must be a whole number from 1 to 100'],
    [{ not_before: 'tomorrow' }, 'tasks[0].not_before: must be a moment in ISO 8601'],
    [{ not_before: '0000-01-01T00:00:00Z' }, 'tasks[0].not_before: must lie in the years 1970 to 9999'],
    [{ not_before: '1970-01-01T00:00:00+00:01' }, 'tasks[0].not_before: must lie in the years 1970 to 9999'],
    [{ not_before: '9999-12-31T23:59:59-00:01' }, 'tasks[0].not_before: must lie in the years 1970 to 9999'],
    [{ inputs: 'EPIC-006' }, 'tasks[0].inputs: must be an array'],
    [{ inputs: [''] }, 'tasks[0].inputs[0]: must have 1 to 200 characters'],
    [{ inputs: [5] }, 'tasks[0].inputs[0]: must be a string'],
    [{ inputs: ['\udfff'] }, 'tasks[0].inputs[0]: must not contain lone surrogates'],
    [{ expected_outputs: Array(101).fill('x') }, 'tasks[0].expected_outputs: must have at most 100 entries'],
    [{ expected_outputs: ['x'.repeat(201)] }, 'tasks[0].expected_outputs[0]: must have 1 to 200 characters'],
  ])('a batch with %j is refused', async (fields, sentence) => {
    expect((await refusal(task(fields))).error).toContain(`Invalid field ${sentence}`);
  });

  it('a missing field is named with its place', async () => {
    const { error } = await refusal(add(newTask('p', 'TASK-1'), { task_id: 'TASK-2', description: 'x' }));
    expect(error).toBe('Missing required field: tasks[1].project_id');
  });

  it('an empty project id in a body is called a field, not a parameter', async () => {
    expect((await refusal(task({ project_id: '' }))).error).toContain(
      'Invalid field tasks[0].project_id: must be',
    );
    const move = app.put('/tasks/TASK-1/status?project=', { status: 'pending' });
    expect((await refusal(move)).error).toContain('Invalid parameter project: must be');
  });

  it('the answer does not repeat unknown names without end', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, 0]));
    const body = await refusal(app.post('/tasks/batch', { ...fields, ['x'.repeat(100_000)]: 0, tasks: [] }));
    expect(body.error).toContain('field9, and 4991 more');
    expect(JSON.stringify(body).length).toBeLessThan(4_000);
  });

  it('an unknown field beside the tasks is named', async () => {
    const { error } = await refusal(app.post('/tasks/batch', { tasks: [newTask('p', 'TASK-1')], note: '' }));
    expect(error).toBe('Unknown field: note. Known fields: project_id, tasks');
  });

  it('an unknown field of a task is named with its place', async () => {
    const { error } = await refusal(task({ urgency: 1 }));
    expect(error).toContain(
      'tasks[0]: Unknown field: urgency. Known fields: task_id, project_id, description',
    );
  });

  it('ids that come twice are named', async () => {
    const ids = ['TASK-1', 'TASK-2', 'TASK-1', 'TASK-3', 'TASK-3', 'TASK-1'];
    const { error } = await refusal(add(...ids.map((id) => newTask('p', id))));
    expect(error).toMatch(/^Duplicate task ids in one batch: TASK-1, TASK-3\. /);
  });

  it('a batch full of wrong names is refused without weighing each', async () => {
    const names = [...Array(63).fill('\u0000\ud800'), ...Array(37).fill(1)];
    const body = await refusal(add(...Array(500).fill({ inputs: names, expected_outputs: names })));
    expect(body.error).toMatch(/; and 1497 more, see details$/);
  });

  it('a batch full of tasks is refused without looking at each', async () => {
    const { details } = await refusal(app.post('/tasks/batch', `{"tasks":[${Array(300_000).fill('{}')}]}`));
    const problem = 'Invalid field tasks: must have at most 500 tasks';
    expect(details['problems']).toEqual([{ field: 'tasks', problem }]);
  });

  it('problems that are too many are summed up', async () => {
    const { error, details } = await refusal(add(...Array.from({ length: 100 }, () => ({}))));
    expect(error).toMatch(/; and 97 more, see details$/);
    expect(details['problems']).toHaveLength(50);
  });
});

describe('the body of a claim', () => {
  const claim = (fields: Record<string, unknown>) => app.claim('p', 'agent', fields);

  it.each([
    [{ agent_id: undefined }, 'Missing required field: agent_id'],
    [{ agent_id: '' }, 'agent_id: must have 1 to 200 characters'],
    [{ agent_id: 'x'.repeat(201) }, 'agent_id: must have 1 to 200 characters'],
    [{ project_id: 'a b' }, 'project_id'],
    [{ lease_seconds: 29 }, 'lease_seconds: must be a whole number from 30 to 86400'],
    [{ lease_seconds: 86_401 }, 'lease_seconds: must be a whole number from 30 to 86400'],
    [{ lease_seconds: 30.5 }, 'lease_seconds: must be a whole number from 30 to 86400'],
    [{ capacity: 0 }, 'capacity: must be a whole number from 1 to 100'],
    [{ capacity: 101 }, 'capacity: must be a whole number from 1 to 100'],
    [{ lease: 60 }, 'Unknown field: lease'],
  ])('a claim with %j is refused: %s', async (fields, sentence) => {
    expect((await refusal(claim(fields))).error).toContain(sentence);
  });

  it.each([
    { lease_seconds: 30 },
    { lease_seconds: 86_400 },
    { capacity: 100 },
    { agent_id: 'x'.repeat(200) },
  ])('a claim with %j gets as far as the database', async (fields) => {
    expect((await claim(fields)).body.code).toBe('database_unavailable');
  });

  it.each(['heartbeat', 'release'])('a %s needs a token', async (call) => {
    const { error } = await refusal(app.post(`/tasks/TASK-1/${call}`, {}));
    expect(error).toBe('Missing required field: claim_token');
  });
});
