import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STATUSES, type Status } from '../../src/domain/task.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

/** What the story and the issue allow, written out here so that a change of the table is noticed. */
const ALLOWED = new Set([
  'pending → in_progress',
  'pending → in_progress (reset)',
  'pending → cancelled',
  'pending → cancelled (reset)',
  'in_progress → completed',
  'in_progress → completed (reset)',
  'in_progress → failed',
  'in_progress → failed (reset)',
  'in_progress → cancelled',
  'in_progress → cancelled (reset)',
  'in_progress → pending (reset)',
  'completed → pending (reset)',
  'failed → pending (reset)',
  'cancelled → pending (reset)',
]);

const WOULD_BE_ALLOWED: Record<Status, unknown> = {
  pending: [
    { status: 'in_progress', reset: false },
    { status: 'cancelled', reset: false },
  ],
  in_progress: [
    { status: 'completed', reset: false },
    { status: 'failed', reset: false },
    { status: 'cancelled', reset: false },
    { status: 'pending', reset: true },
  ],
  completed: [{ status: 'pending', reset: true }],
  failed: [{ status: 'pending', reset: true }],
  cancelled: [{ status: 'pending', reset: true }],
};

const CASES = STATUSES.flatMap((from) =>
  STATUSES.flatMap((to) =>
    [false, true].map((reset) => ({ from, to, reset, name: `${from} → ${to}${reset ? ' (reset)' : ''}` })),
  ),
);

describe.each(DRIVERS)('transitions over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  const row = async () => (await database.query<Record<string, unknown>>('select * from tasks'))[0];

  it.each(CASES)('the table decides whether $name is allowed', async ({ from, to, reset, name }) => {
    await app.add('p', { task_id: 'TASK-1', status: from });
    const before = await row();
    const { status, body } = await app.move('p', 'TASK-1', { status: to, reset });
    if (ALLOWED.has(name)) {
      expect(status).toBe(200);
      expect(await row()).toMatchObject({ status: to });
      expect((await row())?.['completed_at'] !== null).toBe(to === 'completed');
      return;
    }
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: `Invalid status transition: ${from} → ${to}`,
      code: 'invalid_transition',
      details: { from, to, allowed: WOULD_BE_ALLOWED[from] },
    });
    expect(await row()).toEqual(before);
  });

  it('a move keeps notes that are not empty, ignores empty ones, and a reset clears them', async () => {
    await app.add('p', 'TASK-1');
    const move = async (body: unknown) => (await app.move('p', 'TASK-1', body)).body.updated_task;
    const started = await move({ status: 'in_progress', completion_notes: 'half way' });
    expect(started.completion_notes).toBe('half way');
    const completed = await move({ status: 'completed', completion_notes: '' });
    expect(completed).toMatchObject({ completion_notes: 'half way', completed_at: expect.any(String) });
    const reset = await move({ status: 'pending', reset: true, completion_notes: 'ignored' });
    expect(reset).toMatchObject({ status: 'pending', completion_notes: null, completed_at: null });
    expect((await move({ status: 'in_progress', completion_notes: null })).completion_notes).toBeNull();
  });

  it('each change is dated after the one before it', async () => {
    await app.add('p', 'TASK-1');
    const started = (await app.move('p', 'TASK-1', { status: 'in_progress' })).body.updated_task;
    const completed = (await app.move('p', 'TASK-1', { status: 'completed' })).body.updated_task;
    expect(Date.parse(started.updated_at)).toBeGreaterThanOrEqual(Date.parse(started.created_at));
    expect(Date.parse(completed.updated_at)).toBeGreaterThanOrEqual(Date.parse(started.updated_at));
    expect(completed.completed_at).toBe(completed.updated_at);
  });

  it('a move of an unknown task names it', async () => {
    const { status, body } = await app.put('/tasks/TASK-051/status', { status: 'in_progress' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: 'Task TASK-051 not found', code: 'task_not_found' });
  });

  it('a move needs no project while one project has the id, and asks for it when several do', async () => {
    await app.add('alpha', 'TASK-1');
    expect((await app.put('/tasks/TASK-1/status', { status: 'in_progress' })).status).toBe(200);
    await app.add('beta', 'TASK-1');
    await app.add('gamma', 'TASK-1');
    const { status, body } = await app.put('/tasks/TASK-1/status', { status: 'completed' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'ambiguous_task', error: expect.stringContaining('?project=') });
    expect(JSON.stringify(body)).not.toMatch(/alpha|beta|gamma/);
    const states = await database.query('select project_id, status from tasks order by seq');
    expect(states).toEqual([
      { project_id: 'alpha', status: 'in_progress' },
      { project_id: 'beta', status: 'pending' },
      { project_id: 'gamma', status: 'pending' },
    ]);
    expect((await app.move('beta', 'TASK-1', { status: 'in_progress' })).status).toBe(200);
    expect((await app.move('delta', 'TASK-1', { status: 'in_progress' })).status).toBe(404);
  });
});
