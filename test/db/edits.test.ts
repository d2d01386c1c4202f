import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

const AHEAD = '2200-01-01T00:00:00.000Z';

describe.each(DRIVERS)('edits over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const pathOf = (id: string, more = '') => `/tasks/${id}?project=p${more}`;
  const task = async (id: string) => (await app.get(pathOf(id))).body.task;
  const edit = (id: string, fields: object, headers?: Record<string, string>) =>
    app.patch(pathOf(id), fields, headers);
  const events = (id: string) =>
    database.query<{ type: string; version: number; data: unknown }>(
      'select type, version, data from task_events where task_id = $1 order by seq',
      [id],
    );
  const claimed = async () => (await app.claim('p', crypto.randomUUID())).body.task?.task_id;

  it('an edit changes what it names and leaves the rest', async () => {
    await app.add('p', { task_id: 'TASK-1', generator_name: 'prd', context_notes: 'See A', labels: ['a'] });
    const before = await task('TASK-1');
    const { status, body } = await edit('TASK-1', { description: 'Do it well', labels: ['b', 'c', 'b'] });
    expect(status).toBe(200);
    expect(body.updated_task).toEqual({
      ...before,
      description: 'Do it well',
      labels: ['b', 'c'],
      revision: 2,
      updated_at: expect.any(String),
    });
    expect(await task('TASK-1')).toEqual(body.updated_task);
  });

  it('null empties a field', async () => {
    const given = {
      task_id: 'TASK-1',
      generator_name: 'prd',
      context_notes: 'See A',
      inputs: ['A'],
      expected_outputs: ['B'],
      priority: 0,
      not_before: AHEAD,
      max_attempts: 9,
      labels: ['a'],
      metadata: { a: 1 },
    };
    await app.add('p', given);
    const { task_id: _, ...fields } = given;
    const nulls = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
    expect((await edit('TASK-1', nulls)).body.updated_task).toMatchObject({
      generator_name: null,
      context_notes: null,
      inputs: [],
      expected_outputs: [],
      priority: 2,
      not_before: null,
      max_attempts: 3,
      labels: [],
      metadata: {},
    });
  });

  it.each([
    ['nothing', {}, 'must have at least one of description'],
    ['an empty description', { description: '' }, 'must have 1 to 10000 characters'],
    ['no description', { description: null }, 'description'],
    ['a status', { status: 'completed' }, 'Unknown field: status'],
    ['too many labels', { labels: Array.from({ length: 21 }, String) }, 'at most 20 entries'],
    ['metadata that is no object', { metadata: [1] }, 'must be an object, not an array'],
    ['large metadata', { metadata: { a: 'x'.repeat(4_096) } }, 'at most 4096 bytes'],
  ])('an edit with %s is refused', async (_, fields, sentence) => {
    await app.add('p', 'TASK-1');
    const { status, body } = await edit('TASK-1', fields);
    expect([status, body.code]).toEqual([400, 'validation_error']);
    expect(body.error).toContain(sentence);
  });

  it('an unknown task is not found, and a project without tasks stays unknown', async () => {
    expect((await edit('TASK-1', { priority: 1 })).body.code).toBe('task_not_found');
    expect(await database.query('select from projects')).toEqual([]);
  });

  it('metadata is a merge patch, at every depth', async () => {
    await app.add('p', { task_id: 'TASK-1', metadata: { a: 1, b: { c: 2, d: 3 }, e: [1] } });
    const { body } = await edit('TASK-1', {
      metadata: { a: null, b: { c: null, f: { g: null } }, e: { h: 1 } },
    });
    expect(body.updated_task.metadata).toEqual({ b: { d: 3, f: {} }, e: { h: 1 } });
  });

  it('metadata may not grow past its bound patch by patch, but shrink from there', async () => {
    await app.add('p', { task_id: 'TASK-1', metadata: { a: 'x'.repeat(3_000) } });
    const { status, body } = await edit('TASK-1', { metadata: { b: 'x'.repeat(2_000) } });
    expect([status, body.code]).toEqual([409, 'not_editable']);
    expect((await edit('TASK-1', { metadata: { a: 'x'.repeat(2_900) } })).status).toBe(200);
  });

  it('an edit that changes nothing leaves no event and no revision', async () => {
    await app.add('p', 'TASK-1');
    const before = await task('TASK-1');
    expect((await edit('TASK-1', { priority: 2, labels: [] })).body.updated_task).toEqual(before);
    expect((await events('TASK-1')).map(({ type }) => type)).toEqual(['added']);
  });

  it('an edit leaves one event with the names of what changed, without their values', async () => {
    await app.add('p', { task_id: 'TASK-1', priority: 1 });
    await edit('TASK-1', { description: 'Secret', priority: 1, labels: ['x'] });
    expect((await events('TASK-1')).at(-1)).toEqual({
      type: 'edited',
      version: 2,
      data: { fields: ['description', 'labels'], revision: 2 },
    });
  });

  it('an expected revision that is another is refused with the current one', async () => {
    await app.add('p', 'TASK-1');
    expect((await edit('TASK-1', { priority: 1 }, { 'if-match': '"1"' })).status).toBe(200);
    const late = await edit('TASK-1', { priority: 3 }, { 'if-match': '"1"' });
    expect([late.status, late.body.code]).toEqual([412, 'revision_conflict']);
    expect(late.body.details).toMatchObject({ task_id: 'TASK-1', revision: 2 });
    expect(await task('TASK-1')).toMatchObject({ priority: 1 });
    const asked = await app.patch(pathOf('TASK-1', '&expected_revision=1'), { priority: 3 });
    expect(asked.status).toBe(412);
    expect((await app.patch(pathOf('TASK-1', '&expected_revision=2'), { priority: 3 })).status).toBe(200);
  });

  it.each([
    ['*', 200],
    ['"1"', 200],
    ['"2"', 412],
    ['W/"1"', 412],
    ['"other"', 412],
    ['"99999999999"', 412],
  ])('If-Match: %s gets %i', async (condition, status) => {
    await app.add('p', 'TASK-1');
    expect((await edit('TASK-1', { priority: 1 }, { 'if-match': condition })).status).toBe(status);
  });

  it('the ETag of a task is its revision, which no claim, heartbeat, move or note changes', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    const etag = async () => (await app.get(pathOf('TASK-1'))).headers.get('etag');
    const token = (await app.claim('p', 'agent')).body.claim.token;
    await app.post('/tasks/TASK-1/heartbeat?project=p', { claim_token: token });
    await app.post('/tasks/TASK-1/notes?project=p', { text: 'Noted' });
    await app.move('p', 'TASK-1', { status: 'completed', claim_token: token });
    expect(await etag()).toBe('"1"');
    expect((await edit('TASK-1', { priority: 1 })).headers.get('etag')).toBe('"2"');
    await app.put('/tasks/TASK-1/needs/TASK-2?project=p', {});
    expect(await etag()).toBe('"3"');
    await app.delete('/tasks/TASK-1/needs/TASK-2?project=p');
    expect(await etag()).toBe('"4"');
  });

  it('a claimed task is edited under its holder, whose heartbeat shows the change', async () => {
    await app.add('p', 'TASK-1');
    const token = (await app.claim('p', 'agent')).body.claim.token;
    expect((await edit('TASK-1', { description: 'Otherwise', not_before: AHEAD })).status).toBe(200);
    const { body } = await app.post('/tasks/TASK-1/heartbeat?project=p', { claim_token: token });
    expect(body.task).toMatchObject({ description: 'Otherwise', revision: 2, claimed_by: 'agent' });
    expect((await app.move('p', 'TASK-1', { status: 'completed', claim_token: token })).status).toBe(200);
    expect(await database.query('select from attempts')).toHaveLength(1);
  });

  it('max_attempts may not be less than the attempts that the task has had', async () => {
    await app.add('p', 'TASK-1');
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { token } = (await app.claim('p', 'agent')).body.claim;
      await app.move('p', 'TASK-1', { status: 'failed', claim_token: token, delay_seconds: 0 });
    }
    const { status, body } = await edit('TASK-1', { max_attempts: 1 });
    expect([status, body.code, body.details]).toEqual([
      409,
      'not_editable',
      { task_id: 'TASK-1', attempt: 2 },
    ]);
    expect((await edit('TASK-1', { max_attempts: 2 })).status).toBe(200);
  });

  it('a completed task keeps what it was made of and what it made, and may be corrected otherwise', async () => {
    await app.add('p', { task_id: 'TASK-1', status: 'completed', inputs: ['A'] });
    expect((await edit('TASK-1', { inputs: ['B'] })).body.code).toBe('not_editable');
    expect((await edit('TASK-1', { inputs: ['A'], context_notes: 'Found later' })).status).toBe(200);
  });

  it('not_before moves when the task is due', async () => {
    await app.add('p', 'TASK-1');
    await edit('TASK-1', { not_before: AHEAD });
    expect(await claimed()).toBeUndefined();
    await edit('TASK-1', { not_before: null });
    expect(await claimed()).toBe('TASK-1');
  });

  it('a priority is that of the task, and what it waits for is as urgent', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', needs: ['TASK-1'] });
    await edit('TASK-2', { priority: 0 });
    expect(await task('TASK-1')).toMatchObject({ priority: 2, effective_priority: 0 });
    await edit('TASK-1', { priority: 4 });
    expect(await task('TASK-1')).toMatchObject({ priority: 4, effective_priority: 0 });
    await edit('TASK-2', { priority: 3 });
    expect(await task('TASK-1')).toMatchObject({ priority: 4, effective_priority: 3 });
    await edit('TASK-1', { priority: 1 });
    expect(await task('TASK-1')).toMatchObject({ priority: 1, effective_priority: 1 });
  });

  it('an edit is done once for one Idempotency-Key', async () => {
    await app.add('p', 'TASK-1');
    const send = () => edit('TASK-1', { priority: 0 }, { 'idempotency-key': 'key', 'if-match': '"1"' });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect(await task('TASK-1')).toMatchObject({ revision: 2 });
  });

  it('of edits at once of the same revision, one succeeds', async () => {
    await app.add('p', 'TASK-1');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => edit('TASK-1', { description: `Do ${n}` }, { 'if-match': '"1"' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
  });

  it('the index of labels follows every change of a task', async () => {
    await app.add('p', { task_id: 'TASK-1', labels: ['a', 'b'] });
    const labels = () => database.query('select label from task_labels order by label');
    await edit('TASK-1', { labels: ['b', 'c'] });
    expect(await labels()).toEqual([{ label: 'b' }, { label: 'c' }]);
    await app.delete(pathOf('TASK-1'));
    expect(await labels()).toEqual([]);
    await app.post('/tasks/TASK-1/restore?project=p', {});
    expect(await labels()).toEqual([{ label: 'b' }, { label: 'c' }]);
  });
});
