import { describe, expect, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();

const TASK = '"task_id":"TASK-1","project_id":"p","description":"Do it"';
const BATCH = (more: string) => `{"tasks":[{${TASK}${more}}]}`;

const twice = (field: string) => ({ field, problem: `Field ${field} is given twice: give it once` });

function send(method: string, path: string, body: string) {
  return app.get(path, { method, headers: { 'content-type': 'application/json' }, body });
}

describe('a field that comes twice', () => {
  it('a repeated field is refused in an entry of a list, with its place', async () => {
    const answer = await send('POST', '/tasks/batch', BATCH(',"priority":0,"priority":4'));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'validation_error',
      error: twice('tasks[0].priority').problem,
      details: { problems: [twice('tasks[0].priority')] },
    });
  });

  it.each([
    ['the same value', '{"status":"pending","status":"pending"}', 'status'],
    ['a name with escapes', '{"status":"pending","st\\u0061tus":"pending"}', 'status'],
    ['a name of the language', '{"__proto__":1,"__proto__":2}', '__proto__'],
    ['a name that no schema knows', '{"x":[{"y":1},{"y":1,"y":2}]}', 'x[1].y'],
    ['an empty name', '{"a":{"":1,"":2}}', 'a.'],
    ['white space around the name', '{ "status" : "pending" ,\n"status"\t: "pending" }', 'status'],
    ['a byte order mark in front', '\ufeff{"status":"pending","status":"pending"}', 'status'],
    ['a body that is an array', '[{"a":1,"a":2}]', '[0].a'],
  ])('a repeated field is refused with %s', async (_, body, field) => {
    const { details } = (await send('PUT', '/tasks/TASK-1/status', body)).body;
    expect(details['problems']).toEqual([twice(field)]);
  });

  it('each repeated field is named once, however often it comes', async () => {
    const body = BATCH(',"priority":0,"priority":1,"priority":2,"status":"pending","status":"pending"');
    const { details } = (await send('POST', '/tasks/batch', body)).body;
    expect(details['problems']).toEqual([twice('tasks[0].priority'), twice('tasks[0].status')]);
  });

  it('the answer to many repeated fields stays small', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `"${index}${'x'.repeat(400)}":0`);
    const { status, body } = await send('POST', '/tasks/batch', `{${[...names, ...names].join(',')}}`);
    expect(status).toBe(400);
    expect(body.error).toMatch(/; and 997 more, see details$/);
    expect(body.details['problems']).toHaveLength(50);
    expect(JSON.stringify(body).length).toBeLessThan(12_000);
  });

  it('a body that is no JSON is refused as that, not for repeated fields', async () => {
    const { status, body } = await send('PUT', '/tasks/TASK-1/status', '{"status":"pending","status":');
    expect([status, body.code]).toEqual([400, 'malformed_json']);
  });
});

describe('a field that comes once', () => {
  it.each([
    ['in each of two objects', '{"tasks":[{"task_id":"T"},{"task_id":"T"}]}'],
    ['as a name and as a value', '{"status":"status"}'],
    ['in another case', '{"status":"pending","Status":"pending"}'],
    ['inside and outside', '{"a":{"a":{"a":1}}}'],
    ['as a name of the language', '{"constructor":1,"__proto__":2,"toString":3}'],
  ])('a field that comes once is not taken for a repeated one: %s', async (_, body) => {
    expect((await send('PUT', '/tasks/TASK-1/status', body)).body.error).not.toContain('twice');
  });
});
