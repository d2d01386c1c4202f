import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PartialTask } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

/** One of each kind that a rule tells apart. */
const TASKS: readonly PartialTask[] = [
  { task_id: 'CLAIMED-1', priority: 0 },
  { task_id: 'PENDING-1', labels: ['a', 'b'], not_before: '2020-01-01T00:00:00Z' },
  { task_id: 'RUNNING-1', status: 'in_progress' },
  { task_id: 'OWING-1', status: 'in_progress', expected_outputs: ['X'] },
  { task_id: 'DONE-1', status: 'completed' },
  { task_id: 'TRIED-1', status: 'failed', labels: Array.from({ length: 20 }, (_, n) => `label-${n}`) },
  { task_id: 'LOST-1', status: 'cancelled', expected_outputs: ['Y'] },
  { task_id: 'MAKER-1', expected_outputs: ['Y'] },
  { task_id: 'BLOCKED-1', needs: ['PENDING-1', 'DONE-1'], priority: 1 },
];

const IDS = TASKS.map(({ task_id }) => task_id);

interface Skipped {
  readonly task_id: string;
  readonly reason: string;
}

describe.each(DRIVERS)('a change of many tasks over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const bulk = async (fields: object, headers?: Record<string, string>) =>
    await app.post('/tasks/bulk', { project_id: 'p', ...fields }, headers);
  const statuses = async (project = 'p') => {
    const { body } = await app.get(`/tasks?project=${project}&fields=task_id,status`);
    return Object.fromEntries(body.tasks.map(({ task_id, status }) => [task_id, status]));
  };
  const everything = async () => [
    await database.query('select * from tasks order by project_id, seq'),
    await database.query('select * from task_events order by xid, seq'),
    await database.query('select * from deleted_tasks order by project_id, seq'),
  ];

  /** Adds TASKS to a project that counts artifacts, and claims the first. */
  async function seed(project: string): Promise<string> {
    await app.put(`/projects/${project}`, { readiness: 'inputs', completion: 'checked' });
    await app.add(project, ...TASKS);
    await database.query(`update tasks set attempt = 2 where project_id = $1 and task_id = 'TRIED-1'`, [
      project,
    ]);
    return (await app.claim(project, 'holder')).body.claim.token;
  }

  /** What a project has come to, without moments and names that differ between two. */
  async function come(project: string) {
    const moments = `'project_id', 'created_at', 'updated_at', 'pending_at', 'seq', 'claim_token', 'last_claim_token',
      'lease_expires_at', 'lease_check_at', 'started_at', 'completed_at', 'retry_at', 'ready_at',
      'claimable_at', 'last_heartbeat_at'`;
    const tasks = await database.query(
      `select
         to_jsonb(tasks) - array[${moments}, 'priority', 'own_priority'] as task, coalesce(own_priority, priority) as own,
         case when status in ('pending', 'in_progress') then priority end as priority, retry_at is null, ready_at is null, completed_at is null
       from tasks where project_id = $1 order by task_id`,
      [project],
    );
    const events = await database.query(
      `select task_id, version, type, from_status, to_status, caller, agent_id, attempt, data
       from task_events where project_id = $1 and task_id <> '' order by task_id, version, type`,
      [project],
    );
    const others = ['attempts', 'deleted_tasks', 'task_labels', 'task_needs'].map((table) =>
      database.query(`select count(*) as rows from ${table} where project_id = $1`, [project]),
    );
    return { tasks, events, others: await Promise.all(others) };
  }

  type Single = (id: string) => Promise<{ status: number; body: { code: string } }>;
  const move =
    (body: object): Single =>
    (id) =>
      app.move('q', id, body);
  const edit =
    (body: object): Single =>
    (id) =>
      app.patch(`/tasks/${id}?project=q`, body);

  it.each<[string, object, Single]>([
    ['move to completed', { action: 'move', status: 'completed' }, move({ status: 'completed' })],
    [
      'move to completed by force and with notes',
      { action: 'move', status: 'completed', force: true, completion_notes: 'Done' },
      move({ status: 'completed', force: true, completion_notes: 'Done' }),
    ],
    ['move to in_progress', { action: 'move', status: 'in_progress' }, move({ status: 'in_progress' })],
    ['move to failed', { action: 'move', status: 'failed' }, move({ status: 'failed' })],
    ['move to pending', { action: 'move', status: 'pending' }, move({ status: 'pending' })],
    ['reset', { action: 'reset' }, move({ status: 'pending', reset: true })],
    [
      'move to pending with reset and by force',
      { action: 'move', status: 'pending', reset: true, force: true },
      move({ status: 'pending', reset: true, force: true }),
    ],
    [
      'cancel',
      { action: 'cancel', completion_notes: 'Not needed' },
      move({ status: 'cancelled', completion_notes: 'Not needed' }),
    ],
    [
      'edit of everything',
      {
        action: 'edit',
        changes: { priority: 1, generator_name: 'g', not_before: null, max_attempts: 1, labels: ['b'] },
      },
      edit({ priority: 1, generator_name: 'g', not_before: null, max_attempts: 1, labels: ['b'] }),
    ],
    ['edit of little', { action: 'edit', changes: { priority: null } }, edit({ priority: null })],
    [
      'edit of a moment',
      { action: 'edit', changes: { not_before: '2020-01-01T01:00:00+01:00' } },
      edit({ not_before: '2020-01-01T00:00:00Z' }),
    ],
  ])('a bulk %s does to each task what the single verb does', async (_, fields, single) => {
    await seed('p');
    await seed('q');
    const { status, body } = await bulk({ ...fields, ids: IDS });
    const skipped: Skipped[] = [];
    // The youngest first, or what needs another would be told that this one was cancelled.
    for (const task_id of IDS.toReversed()) {
      const answer = await single(task_id);
      if (answer.status !== 200) skipped.unshift({ task_id, reason: answer.body.code });
    }
    expect([status, body]).toEqual([200, expect.objectContaining({ matched: IDS.length, skipped })]);
    expect(await come('p')).toEqual(await come('q'));
  });

  it('a bulk release ends each claim as its holder does, and the attempt does not count', async () => {
    await seed('p');
    const token = await seed('q');
    await app.post('/tasks/CLAIMED-1/release?project=q', { claim_token: token, delay_seconds: 60 });
    const { body } = await bulk({ action: 'release', filter: { claimed_by: 'holder' }, delay_seconds: 60 });
    expect(body).toMatchObject({ matched: 1, changed: 1, task_ids: ['CLAIMED-1'], skipped: [] });
    expect(await come('p')).toEqual(await come('q'));
    const again = await bulk({ action: 'release', ids: ['CLAIMED-1'] });
    expect(again.body).toMatchObject({ skipped: [{ task_id: 'CLAIMED-1', reason: 'claim_lost' }] });
  });

  it('a bulk deletion deletes each task as the single verb does', async () => {
    await seed('p');
    await seed('q');
    const { body } = await bulk({ action: 'delete', filter: {} });
    for (const id of IDS.toReversed()) await app.delete(`/tasks/${id}?project=q`);
    expect(body).toMatchObject({ matched: 9, changed: 9, task_ids: IDS, skipped: [] });
    expect(await come('p')).toEqual(await come('q'));
  });

  it('labels are added and removed besides those that a task has, and too many are not', async () => {
    await seed('p');
    const changes = { add_labels: ['c', 'b'], remove_labels: ['a'] };
    const { body } = await bulk({ action: 'edit', ids: ['PENDING-1', 'MAKER-1', 'TRIED-1'], changes });
    expect(body).toMatchObject({
      changed: 2,
      skipped: [{ task_id: 'TRIED-1', reason: 'not_editable' }],
    });
    const { tasks } = (await app.get('/tasks?project=p&label=c')).body;
    expect(tasks.map(({ task_id, labels, revision }) => [task_id, labels, revision])).toEqual([
      ['PENDING-1', ['b', 'c'], 2],
      ['MAKER-1', ['c', 'b'], 2],
    ]);
  });

  it('an edit that finds a task as it is to be neither changes nor skips it', async () => {
    await app.add('p', { task_id: 'A-1', priority: 1 }, 'A-2');
    const { body } = await bulk({ action: 'edit', filter: {}, changes: { priority: 1 } });
    expect(body).toMatchObject({ matched: 2, changed: 1, task_ids: ['A-2'], skipped: [] });
    expect((await app.get('/tasks/A-1?project=p')).body.task?.revision).toBe(1);
  });

  it('a task that depends on another of the request and falls with it counts as changed', async () => {
    const falling = (task_id: string, need: string) => ({
      task_id,
      needs: [{ task_id: need, on_failure: 'cancel' }],
    });
    await app.add('p', { task_id: 'A-1', labels: ['x'] }, { ...falling('B-1', 'A-1'), labels: ['x'] });
    await app.add('p', falling('C-1', 'B-1'));
    const { body } = await bulk({ action: 'cancel', filter: { label: 'x' } });
    expect(body).toMatchObject({ matched: 2, changed: 2, skipped: [] });
    expect(await statuses()).toEqual({ 'A-1': 'cancelled', 'B-1': 'cancelled', 'C-1': 'cancelled' });
  });

  it('tasks that are deleted together come back as they were', async () => {
    await app.add('p', 'A-1', { task_id: 'B-1', needs: [{ task_id: 'A-1', on_failure: 'cancel' }] });
    await bulk({ action: 'delete', ids: ['A-1', 'B-1'] });
    for (const id of ['A-1', 'B-1']) await app.post(`/tasks/${id}/restore?project=p`, {});
    expect(await statuses()).toEqual({ 'A-1': 'pending', 'B-1': 'pending' });
  });

  it('of two tasks that would make the same artifact again, the older one is reset', async () => {
    await app.put('/projects/p', { readiness: 'inputs' });
    const maker = { status: 'failed', expected_outputs: ['X'] };
    await app.add('p', { task_id: 'A-1', ...maker }, { task_id: 'A-2', ...maker });
    const { body } = await bulk({ action: 'reset', filter: { status: 'failed' } });
    expect(body).toMatchObject({
      task_ids: ['A-1'],
      skipped: [{ task_id: 'A-2', reason: 'artifact_has_producer' }],
    });
  });

  it('a task that is changed meanwhile is changed only if it still passes the filter', async () => {
    const failed = (task_id: string) => ({ task_id, status: 'failed', context_notes: 'Outage' });
    await app.add('p', failed('A-1'), failed('A-2'), failed('A-3'));
    const filter = { status: 'failed', q: 'outage' };
    const { answer } = await database.whileLocked('A-1', 2, async () => {
      const change = bulk({ action: 'delete', filter });
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await database.query(waiting)).length === 0);
      await app.move('p', 'A-2', { status: 'pending', reset: true });
      return await Promise.all([change, app.patch('/tasks/A-1?project=p', { priority: 0 })]);
    });
    expect(answer[0].body).toMatchObject({ matched: 2, task_ids: ['A-1', 'A-3'], skipped: [] });
    expect(await statuses()).toEqual({ 'A-2': 'pending' });
  });

  it('a dry run changes nothing and answers what the change would', async () => {
    await seed('p');
    for (const fields of [
      { action: 'reset' },
      { action: 'cancel' },
      { action: 'move', status: 'completed' },
      { action: 'edit', changes: { priority: 1, max_attempts: 1, add_labels: ['a'] } },
      { action: 'release' },
      { action: 'delete' },
    ]) {
      const before = await everything();
      const { body: told } = await bulk({ ...fields, filter: {}, dry_run: true });
      expect(await everything()).toEqual(before);
      const { body: done } = await bulk({ ...fields, filter: {} });
      expect({ ...told, request_id: '' }).toEqual({ ...done, request_id: '' });
    }
  });
});
