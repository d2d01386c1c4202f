import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/domain/access.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

describe.each(DRIVERS)('GET /metrics over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
    await app.add('alpha', 'TASK-1', 'TASK-2', { task_id: 'TASK-3', status: 'completed' });
    await app.add('beta', 'TASK-1');
    await app.add('gone', 'TASK-1');
    await app.delete('/tasks/TASK-1?project=gone');
    await app.move('alpha', 'TASK-1', { status: 'in_progress' });
    await app.move('alpha', 'TASK-1', { status: 'completed' });
    await database.query(`update tasks set created_at = now() - interval '1 hour' where project_id = 'beta'`);
  });

  const as = (caller: Partial<Caller>) =>
    appUnderTest({
      driver,
      connectionString: database[driver],
      access: {
        kind: 'credentials',
        authenticate: () => ({
          ok: true,
          caller: { name: 'test', projects: '*', scopes: ['admin'], ...caller },
        }),
      },
    });
  const WITH_CREDENTIAL = { headers: { authorization: 'Bearer x' } };

  it('GET /metrics answers in the text format', async () => {
    const response = await app.send('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    for (const line of text.slice(0, -1).split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\} [\d.]+)$/);
    }
    expect(text.endsWith('\n')).toBe(true);
  });

  it('GET /metrics counts tasks and waits, and leaves out a project without tasks', async () => {
    const text = await (await app.send('/metrics')).text();
    const lines = text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'task_tracker_tasks{project="alpha",status="pending"} 1',
        'task_tracker_tasks{project="alpha",status="in_progress"} 0',
        'task_tracker_tasks{project="alpha",status="completed"} 2',
        'task_tracker_tasks{project="beta",status="pending"} 1',
        'task_tracker_pending_to_in_progress_seconds_count{project="alpha"} 1',
        'task_tracker_pending_to_completed_seconds_count{project="alpha"} 1',
        'task_tracker_pending_to_completed_seconds_count{project="beta"} 0',
      ]),
    );
    expect(text).not.toContain('gone');
    const age = /oldest_pending_task_age_seconds\{project="beta"\} ([\d.]+)/.exec(text)?.[1];
    expect(Math.abs(Number(age) - 3_600)).toBeLessThan(60);
  });

  it('GET /metrics ignores the parameters that a scraper adds', async () => {
    const response = await app.send('/metrics?project=alpha&project=beta&module=x&_=1');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('project="beta"');
  });

  it('GET /metrics shows a caller only the projects of its credential', async () => {
    const text = await (await as({ projects: ['beta', 'nowhere'] }).send('/metrics', WITH_CREDENTIAL)).text();
    expect(text).toContain('project="beta"');
    expect(text).not.toMatch(/alpha|nowhere/);
    const nothing = await (await as({ projects: [] }).send('/metrics', WITH_CREDENTIAL)).text();
    expect(nothing).not.toContain('project=');
  });

  it('GET /metrics refuses a caller without the scope admin', async () => {
    const { status, body } = await as({ scopes: ['read', 'write'] }).get('/metrics', WITH_CREDENTIAL);
    expect(status).toBe(403);
    expect(body.code).toBe('insufficient_scope');
  });
});
