import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const PROJECTS = ['p'];
const { keys, access } = keysFor({
  reader: { projects: PROJECTS, scopes: ['read'] },
  writer: { projects: PROJECTS, scopes: ['write'] },
  admin: { projects: PROJECTS, scopes: ['write', 'admin'] },
});

const ids = (count: number) => Array.from({ length: count }, (_, index) => `TASK-${index + 1}`);

describe.each(DRIVERS)('a request to change many tasks over %s', (driver) => {
  let database: DatabaseUnderTest;
  let everybody: Api;
  let known: Record<keyof typeof keys, Api>;

  beforeAll(async () => {
    database = await openTestDatabase();
    const options = { driver, connectionString: database[driver] };
    everybody = appUnderTest(options);
    const app = appUnderTest({ ...options, access });
    known = {
      reader: withCredential(app, keys.reader),
      writer: withCredential(app, keys.writer),
      admin: withCredential(app, keys.admin),
    };
  });
  beforeEach(() => database.empty());

  const bulk = (fields: object, api = everybody, headers?: Record<string, string>) =>
    api.post('/tasks/bulk', { project_id: 'p', ...fields }, headers);
  const pending = async (project = 'p') =>
    (await everybody.get(`/tasks?project=${project}&status=pending`)).body.tasks.map(
      ({ task_id }) => task_id,
    );

  it.each([
    ['all', {}, ids(7)],
    ['those of a label', { label: 'odd' }, ['TASK-1', 'TASK-3', 'TASK-5', 'TASK-7']],
    ['those of a time', { created_after: '2020-01-01T00:00:00Z' }, ids(7)],
    ['those of several statuses and a priority', { status: 'pending,failed', priority_max: 1 }, ['TASK-1']],
  ])('page by page, each of %s is changed once and in order of creation', async (_, filter, expected) => {
    const added = ids(7).map((task_id, index) => ({
      task_id,
      labels: index % 2 === 0 ? ['odd'] : [],
      priority: index + 1 > 4 ? 4 : index + 1,
    }));
    await everybody.add('p', ...added);
    const request = { action: 'edit', filter, changes: { add_labels: ['seen'] }, limit: 3 };
    const met: string[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; cursor !== null && page < 9; page += 1) {
      const { body } = await bulk({ ...request, ...(cursor && { cursor }) });
      expect(body).toMatchObject({ changed: body.matched, skipped: [], has_more: body.cursor !== null });
      expect(body.matched).toBeLessThanOrEqual(3);
      met.push(...body.task_ids);
      cursor = body.cursor;
    }
    expect(met).toEqual(expected);
  });

  it('page by page, each of the ids is changed once, and the first page names those that are not there', async () => {
    await everybody.add('p', ...ids(5));
    const named = ['NONE-2', 'TASK-5', 'TASK-1', 'TASK-3', 'TASK-1', 'NONE-1'];
    const request = { action: 'cancel', ids: named, limit: 2 };
    const first = await bulk(request);
    expect(first.body).toMatchObject({
      matched: 2,
      task_ids: ['TASK-1', 'TASK-3'],
      skipped: [
        { task_id: 'NONE-1', reason: 'task_not_found' },
        { task_id: 'NONE-2', reason: 'task_not_found' },
      ],
      has_more: true,
    });
    const last = await bulk({ ...request, cursor: first.body.cursor });
    expect(last.body).toMatchObject({ matched: 1, task_ids: ['TASK-5'], skipped: [], cursor: null });
    expect(await pending()).toEqual(['TASK-2', 'TASK-4']);
  });

  it('500 tasks are changed at once', async () => {
    await everybody.add('p', ...ids(500));
    await everybody.add('p', 'LAST-1');
    const { body } = await bulk({ action: 'cancel', filter: {} });
    expect(body).toMatchObject({ matched: 500, changed: 500, skipped: [], has_more: true });
    expect(await pending()).toEqual(['LAST-1']);
    expect((await bulk({ action: 'reset', ids: ids(500) })).body).toMatchObject({
      changed: 500,
      cursor: null,
    });
  });

  it('nothing is changed where another number of tasks is expected', async () => {
    await everybody.add('p', 'A-1', 'A-2', { task_id: 'A-3', status: 'completed' });
    const { status, body } = await bulk({ action: 'cancel', filter: {}, expect_count: 2 });
    expect([status, body.code, body.details]).toEqual([
      412,
      'count_conflict',
      { matched: 3, expected: 2, has_more: false },
    ]);
    expect(await pending()).toEqual(['A-1', 'A-2']);
    const more = await bulk({ action: 'cancel', filter: {}, expect_count: 1, limit: 2, dry_run: true });
    expect(more.body.details).toEqual({ matched: 2, expected: 1, has_more: true });
    expect((await bulk({ action: 'cancel', ids: ['A-1', 'NONE-1'], expect_count: 1 })).body.changed).toBe(1);
    expect((await bulk({ action: 'cancel', filter: {}, expect_count: 3 })).body.changed).toBe(1);
  });

  it('a repetition with its key changes nothing and gets the first answer', async () => {
    await everybody.add('p', 'A-1');
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const request = { action: 'cancel', filter: { status: 'pending' } };
    const first = await bulk(request, everybody, headers);
    await everybody.add('p', 'A-2');
    const again = await bulk(request, everybody, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual({ ...first.body, request_id: again.body.request_id });
    expect(await pending()).toEqual(['A-2']);
    const other = await bulk({ ...request, action: 'delete' }, everybody, headers);
    expect(other.body.code).toBe('idempotency_key_reused');
  });

  it('the tasks of another project are as if unknown', async () => {
    await everybody.add('p', 'A-1');
    await everybody.add('beta', 'A-1', 'B-1');
    const { body } = await bulk({ action: 'delete', ids: ['A-1', 'B-1'] }, known.admin);
    expect(body).toMatchObject({
      matched: 1,
      skipped: [{ task_id: 'B-1', reason: 'task_not_found' }],
    });
    expect(await pending('beta')).toEqual(['A-1', 'B-1']);
    const foreign = await bulk({ project_id: 'beta', action: 'delete', filter: {} }, known.admin);
    expect([foreign.status, foreign.body.code]).toEqual([403, 'project_forbidden']);
    expect(await pending('beta')).toEqual(['A-1', 'B-1']);
  });

  it('a project that there is not has no tasks to change, and comes into being by no change', async () => {
    expect((await bulk({ action: 'cancel', filter: {} })).body).toMatchObject({ matched: 0, cursor: null });
    expect(await database.query(`select from projects where project_id = 'p'`)).toEqual([]);
  });

  it.each([
    [{ action: 'cancel' }, 'writer'],
    [{ action: 'reset' }, 'writer'],
    [{ action: 'move', status: 'failed' }, 'writer'],
    [{ action: 'edit', changes: { priority: 0 } }, 'writer'],
    [{ action: 'cancel', force: true }, 'admin'],
    [{ action: 'release' }, 'admin'],
    [{ action: 'delete' }, 'admin'],
  ] as const)('%j needs the scopes of a %s', async (fields, least) => {
    await everybody.add('p', 'A-1');
    const as = async (api: Api) => {
      const { status, body } = await bulk({ ...fields, filter: {}, dry_run: true }, api);
      return status === 200 ? 200 : body.code;
    };
    expect(await as(known.reader)).toBe('insufficient_scope');
    expect(await as(known.writer)).toBe(least === 'writer' ? 200 : 'insufficient_scope');
    expect(await as(known.admin)).toBe(200);
  });

  it.each([
    [{ action: 'cancel' }, /^Invalid field filter: must be given, unless ids are/],
    [{ action: 'cancel', filter: {}, ids: ['A-1'] }, /^Invalid field ids: must not be given together/],
    [{ action: 'cancel', ids: [] }, /at least one id/],
    [{ action: 'cancel', ids: ids(501) }, /^Invalid field ids: must have at most 500 ids$/],
    [
      { action: 'cancel', filter: { sort: 'created' } },
      /^filter: Unknown field: sort\. Known fields: status/,
    ],
    [{ action: 'cancel', filter: { status: 'new' } }, /^Invalid field filter\.status: /],
    [
      { action: 'cancel', filter: { priority_min: 2, priority_max: 1 } },
      /^Invalid field filter\.priority_max: must not be below/,
    ],
    [{ action: 'cancel', filter: {}, limit: 501 }, /limit: must be a whole number from 1 to 500/],
    [{ action: 'cancel', filter: {}, expect_count: -1 }, /expect_count/],
    [
      { action: 'cancel', filter: {}, status: 'failed' },
      /status: goes with the action move only; leave it out/,
    ],
    [{ action: 'cancel', filter: {}, changes: { priority: 0 } }, /changes: goes with the action edit only/],
    [
      { action: 'release', filter: {}, force: true },
      /force: goes with the action move or reset or cancel only/,
    ],
    [{ action: 'move', filter: {} }, /^Missing required field: status$/],
    [{ action: 'edit', filter: {} }, /^Missing required field: changes$/],
    [{ action: 'edit', filter: {}, changes: {} }, /changes: must have at least one of generator_name/],
    [{ action: 'edit', filter: {}, changes: { description: 'Do' } }, /changes: Unknown field: description/],
    [
      { action: 'edit', filter: {}, changes: { labels: ['a'], add_labels: ['b'] } },
      /changes\.labels: must not be given together with add_labels/,
    ],
    [
      { action: 'edit', filter: {}, changes: { add_labels: ['a'], remove_labels: ['a'] } },
      /changes\.remove_labels: must have no label of add_labels/,
    ],
    [{ action: 'purge', filter: {} }, /action: must be one of move, reset/],
  ])('%j is refused', async (fields, error) => {
    const { status, body } = await bulk(fields);
    expect([status, body.code, body.error]).toEqual([400, 'validation_error', expect.stringMatching(error)]);
  });

  it('a cursor leads on only where it came from', async () => {
    await everybody.add('p', 'A-1', 'A-2', 'A-3');
    const request = { action: 'cancel', filter: { status: 'pending' }, limit: 1, dry_run: true };
    const { cursor } = (await bulk(request)).body;
    expect((await bulk({ ...request, limit: 2, cursor })).body).toMatchObject({ task_ids: ['A-2', 'A-3'] });
    for (const other of [
      { action: 'delete' },
      { filter: {} },
      { project_id: 'q' },
      { filter: undefined, ids: ['A-1', 'A-2', 'A-3'] },
    ]) {
      const { status, body } = await bulk({ ...request, ...other, cursor });
      expect([status, body.error]).toEqual([400, expect.stringMatching(/^Invalid field cursor: is that of/)]);
    }
    expect((await bulk({ ...request, cursor: 'A' })).status).toBe(400);
  });

  it('tasks that would wait for each other once they are reset are all left as they are', async () => {
    await everybody.put('/projects/p', { readiness: 'inputs' });
    await everybody.add(
      'p',
      { task_id: 'OTHER-1', status: 'failed' },
      { task_id: 'A-1', status: 'failed', expected_outputs: ['A'] },
      { task_id: 'A-2', status: 'in_progress', expected_outputs: ['A'] },
      { task_id: 'B-1', inputs: ['A'], expected_outputs: ['B'] },
    );
    await everybody.patch('/tasks/A-1?project=p', { inputs: ['B'] });
    await everybody.move('p', 'A-2', { status: 'failed' });
    const { status, body } = await bulk({ action: 'reset', ids: ['OTHER-1', 'A-1'] });
    expect([status, body.code]).toEqual([409, 'need_cycle']);
    expect(await pending()).toEqual(['B-1']);
  });
});
