import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/task.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

describe.each(DRIVERS)('notes over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    await app.add('p', 'TASK-1');
  });

  const PATH = '/tasks/TASK-1/notes?project=p';
  const note = (text: string, more: object = {}, headers?: Record<string, string>) =>
    app.post(PATH, { text, ...more }, headers);
  const list = async (more = '') => (await app.get(`${PATH}${more}`)).body;

  it('a note is kept with its author and time, and the oldest comes first', async () => {
    const { status, body } = await note('One', { agent_id: 'agent-7' });
    expect(status).toBe(200);
    expect(body.added_note).toEqual({
      version: 2,
      at: expect.stringMatching(/Z$/),
      author: 'anonymous',
      agent_id: 'agent-7',
      text: 'One',
    });
    const second = (await note('Two')).body.added_note;
    expect(await list()).toMatchObject({ notes: [body.added_note, second], count: 2, next_cursor: null });
    expect((await app.get('/tasks/TASK-1?project=p')).body.task).toMatchObject({
      note_count: 2,
      revision: 1,
    });
  });

  it('a walk by cursor sees each note once', async () => {
    for (const text of ['One', 'Two', 'Three']) await note(text);
    const first = await list('&limit=2');
    expect(first.notes.map(({ text }) => text)).toEqual(['One', 'Two']);
    const rest = await list(`&limit=2&cursor=${first.next_cursor}`);
    expect(rest.notes.map(({ text }) => text)).toEqual(['Three']);
    expect(rest.next_cursor).toBeNull();
  });

  it('a task without notes has an empty list, and an unknown one none', async () => {
    expect(await list()).toMatchObject({ notes: [], count: 0, next_cursor: null });
    expect((await app.get('/tasks/TASK-2/notes?project=p')).status).toBe(404);
    expect((await app.post('/tasks/TASK-2/notes?project=p', { text: 'One' })).status).toBe(404);
  });

  it('an event tells of a note, with a long text cut', async () => {
    await note('x'.repeat(501), { agent_id: 'agent-7' });
    const [event] = await database.query<{ agent_id: string; data: { text: string } }>(
      `select agent_id, data from task_events where type = 'noted'`,
    );
    expect(event).toEqual({ agent_id: 'agent-7', data: { text: `${'x'.repeat(499)}…` } });
  });

  it('a claim goes on while others write notes', async () => {
    const { token } = (await app.claim('p', 'agent')).body.claim;
    await note('Mind the gap');
    const { status } = await app.move('p', 'TASK-1', { status: 'completed', claim_token: token });
    expect(status).toBe(200);
    expect((await note('Even now')).status).toBe(200);
  });

  it('notes at once are all kept', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => note(`Note ${n}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set((await list()).notes.map(({ text }) => text)).size).toBe(10);
  });

  it('a note is written once for one Idempotency-Key', async () => {
    const send = () => note('One', {}, { 'idempotency-key': 'key' });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect((await list()).count).toBe(1);
  });

  it('a task has a bounded number of notes', async () => {
    await database.query('update tasks set note_count = $1', [LIMITS.notesPerTask - 1]);
    expect((await note('The last')).status).toBe(200);
    const { status, body } = await note('One more');
    expect([status, body.code]).toEqual([409, 'too_many_notes']);
  });

  it.each([
    ['an empty note', { text: '' }],
    ['a long note', { text: 'x'.repeat(10_001) }],
    ['no text', { text: null }],
    ['another field', { author: 'me', text: 'One' }],
  ])('%s is refused', async (_, body) => {
    expect((await app.post(PATH, body)).body.code).toBe('validation_error');
  });
});
