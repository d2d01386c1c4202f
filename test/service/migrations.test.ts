import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { commandFor } from '../support/run-command.ts';

function migrate(env: Record<string, string>) {
  const [command, words] = commandFor('db:migrate', []);
  const run = spawnSync(command, words, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: '', ...env },
  });
  return { status: run.status, output: run.stdout + run.stderr };
}

describe('npm run db:migrate', () => {
  it('db:migrate may be repeated', async () => {
    const { url } = await openTestDatabase();
    for (const _ of [1, 2]) {
      const { status, output } = migrate({ DATABASE_URL: url });
      expect(status).toBe(0);
      expect(output).toMatch(/Migrations applied: \d+/);
    }
  });

  it('db:migrate may run twice at once on an empty database', async () => {
    const database = await openTestDatabase();
    await database.query('drop schema public cascade');
    await database.query('create schema public');
    await database.query('drop schema drizzle cascade');
    const runs = await Promise.all([applyMigrations(database.url), applyMigrations(database.url)]);
    expect(runs[0]).toBe(runs[1]);
    expect(await database.query('select count(*)::int from drizzle.__drizzle_migrations')).toEqual([
      { count: runs[0] },
    ]);
  });

  it('db:migrate gives up soon where a table is in use, and says so', async () => {
    const database = await openTestDatabase();
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query('begin; lock table drizzle.__drizzle_migrations in access exclusive mode');
    await expect(applyMigrations(database.url, 1)).rejects.toThrow(/^Nothing was applied: another session/);
    await other.end();
    expect(await applyMigrations(database.url, 1)).toBeGreaterThan(0);
  });

  it('a migration counts the tasks that exist and dates what is known of them', async () => {
    const database = await openTestDatabase();
    await database.query('drop schema public cascade; create schema public');
    await database.query('delete from drizzle.__drizzle_migrations where id > 1');
    await database.query(await readFile(path.join(ROOT, 'drizzle/0000_tasks.sql'), 'utf8'));
    await database.query(`
      insert into tasks (task_id, project_id, description, status, created_at, updated_at, completed_at)
      values
        ('NEW-1', 'p', 'd', 'pending', '2026-01-01Z', '2026-01-01Z', null),
        ('RESET-1', 'p', 'd', 'pending', '2026-01-01Z', '2026-01-02Z', null),
        ('STARTED-1', 'p', 'd', 'in_progress', '2026-01-01Z', '2026-01-02Z', null),
        ('BEGUN-1', 'q', 'd', 'in_progress', '2026-01-01Z', '2026-01-01Z', null),
        ('DONE-1', 'q', 'd', 'completed', '2026-01-01Z', '2026-01-02Z', '2026-01-02Z')`);
    await applyMigrations(database.url);
    const days = `to_char(pending_at at time zone 'UTC', 'DD') as pending, to_char(started_at at time zone 'UTC', 'DD') as started`;
    expect(await database.query(`select task_id, ${days} from tasks order by seq`)).toEqual([
      { task_id: 'NEW-1', pending: '01', started: null },
      { task_id: 'RESET-1', pending: '02', started: null },
      { task_id: 'STARTED-1', pending: '01', started: '02' },
      { task_id: 'BEGUN-1', pending: null, started: '01' },
      { task_id: 'DONE-1', pending: null, started: null },
    ]);
    const counters = 'select project_id, status, tasks::int from task_counters order by project_id, status';
    expect(await database.query(counters)).toEqual([
      { project_id: 'p', status: 'in_progress', tasks: 1 },
      { project_id: 'p', status: 'pending', tasks: 2 },
      { project_id: 'q', status: 'completed', tasks: 1 },
      { project_id: 'q', status: 'in_progress', tasks: 1 },
    ]);
  });

  it('db:migrate fails when a migration of the journal is not applied', async () => {
    const database = await openTestDatabase();
    await database.query(`update drizzle.__drizzle_migrations set hash = 'of another file'`);
    const { status, output } = migrate({ DATABASE_URL: database.url });
    expect(status).toBe(1);
    const { entries } = JSON.parse(await readFile(path.join(ROOT, 'drizzle/meta/_journal.json'), 'utf8'));
    expect(output).toContain(`${entries.length} of ${entries.length} migrations were not applied`);
  });

  it('db:migrate fails without a database', () => {
    expect(migrate({})).toMatchObject({ status: 1, output: expect.stringContaining('Set DATABASE_URL') });
    const unreachable = migrate({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d' });
    expect(unreachable).toMatchObject({ status: 1, output: expect.stringContaining('cannot be reached') });
  });
});

describe('the migrated table', () => {
  const GOOD = { task_id: 'TASK-1', project_id: 'p', description: 'd', status: 'pending' };
  let database: DatabaseUnderTest;
  let client: Client;

  beforeAll(async () => {
    database = await openTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(() => client.end());

  it.each<[string, Record<string, unknown>, string]>([
    ['a task id of another form', { task_id: 'task-1' }, 'tasks_task_id_format'],
    ['a task id that is too long', { task_id: `T-${'1'.repeat(63)}` }, 'tasks_task_id_format'],
    ['a task id with a line behind it', { task_id: 'TASK-1\n' }, 'tasks_task_id_format'],
    ['a project id of another form', { project_id: 'a b' }, 'tasks_project_id_format'],
    ['an unknown status', { status: 'done' }, 'tasks_status_known'],
    ['half a claim', { status: 'in_progress', claimed_by: 'agent' }, 'tasks_claims_are_whole'],
    ['a priority behind the last', { priority: 5 }, 'tasks_priority_range'],
    ['more attempts than there may be', { attempt: 4 }, 'tasks_attempts_in_bounds'],
    ['an empty description', { description: '' }, 'tasks_text_lengths'],
    ['notes that are too long', { context_notes: 'x'.repeat(10_001) }, 'tasks_text_lengths'],
    ['inputs that are no list', { inputs: '{}' }, 'tasks_lists_are_arrays'],
    ['a completed task without its time', { status: 'completed' }, 'tasks_completed_at_iff_completed'],
    ['a pending task with one', { completed_at: 'now' }, 'tasks_completed_at_iff_completed'],
  ])('the table refuses %s by itself', async (_, fields, constraint) => {
    const row = { ...GOOD, ...fields };
    const names = Object.keys(row);
    const inserted = client.query(
      `insert into tasks (${names.join(', ')}) values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
    await expect(inserted).rejects.toMatchObject({ code: '23514', constraint });
  });
});
