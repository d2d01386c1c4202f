import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { NOTHING_COUNTED } from '../support/counts.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

describe.each(DRIVERS)('projects over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => moveClock(database, 0));

  it('a project shows its settings, how its tasks stand and the age of the oldest that is ready', async () => {
    await app.add(
      'p',
      'TASK-1',
      { task_id: 'TASK-2', not_before: '2999-01-01T00:00:00Z' },
      { task_id: 'TASK-3', needs: ['TASK-1'] },
      { task_id: 'TASK-4', status: 'failed' },
      { task_id: 'TASK-5', needs: ['TASK-4'] },
      'TASK-6',
      { task_id: 'TASK-7', status: 'in_progress' },
    );
    await app.claim('p', 'a', { lease_seconds: 30 });
    await moveClock(database, 100);
    const { body } = await app.get('/projects/p');
    expect(body).toMatchObject({
      project: { project_id: 'p', readiness: 'declared', completion: 'free', paused: null },
      counts: { ready: 1, delayed: 1, blocked: 1, stuck: 1, in_progress: 2, expired: 1, failed: 1 },
      oldest_ready_seconds: expect.any(Number),
    });
  });

  it('the projects that have a task or a setting are listed in order, and no other is found', async () => {
    await app.add('q', 'TASK-1');
    await app.put('/projects/p', { completion: 'checked' });
    const { body } = await app.get('/projects');
    expect(body).toMatchObject({
      projects: [
        { project_id: 'p', completion: 'checked' },
        { project_id: 'q', completion: 'free' },
      ],
    });
    expect((await app.get('/projects/r')).body).toMatchObject({ code: 'project_not_found' });
  });

  it('the credential is told what it may do, and where', async () => {
    const { body } = await app.get('/projects');
    expect(body).toMatchObject({
      credential: { name: 'anonymous', scopes: ['read', 'write', 'admin'], projects: null },
    });
    const { keys, access } = keysFor({ reader: { projects: ['p'], scopes: ['read'] } });
    const closed = appUnderTest({ driver, connectionString: database[driver], access });
    const { body: ofReader } = await withCredential(closed, keys.reader).get('/projects');
    expect(ofReader).toMatchObject({ credential: { name: 'reader', scopes: ['read'], projects: ['p'] } });
  });

  it('a paused project gives no task and says why, and claims that are held go on', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    const { body: held } = await app.claim('p', 'a');
    await app.put('/projects/p', { paused: { reason: 'The model is down' } });
    const { body } = await app.claim('p', 'b');
    expect(body).toMatchObject({
      task: null,
      reason: 'paused',
      paused: { reason: 'The model is down', until: null },
      counts: { ...NOTHING_COUNTED, ready: 1, in_progress: 1 },
    });
    expect(body).not.toHaveProperty('retry_after_seconds');
    expect((await app.get('/tasks/next?project=p')).body.message).toBe(
      'The project is paused: The model is down',
    );
    expect((await app.claim('p', 'a')).body.reason).toBe('continue_current');
    const move = { status: 'completed', claim_token: held.claim.token };
    expect((await app.move('p', 'TASK-1', move)).status).toBe(200);
    await app.put('/projects/p', { paused: null });
    expect((await app.claim('p', 'b')).body.reason).toBe('claimed');
  });

  it('a pause ends by itself at its time, and a claim says when that is', async () => {
    await app.add('p', 'TASK-1');
    const until = new Date(Date.now() + 60_000).toISOString();
    await app.put('/projects/p', { paused: { reason: 'Night', until } });
    const { body } = await app.claim('p', 'a');
    expect(body).toMatchObject({ reason: 'paused', paused: { until } });
    expect(body.retry_after_seconds).toBeGreaterThan(30);
    await moveClock(database, 61);
    expect((await app.get('/projects/p')).body).toMatchObject({ project: { paused: null } });
    expect((await app.claim('p', 'a')).body.reason).toBe('claimed');
  });

  it('a claim that finds only blocked tasks says so, and which count to look at', async () => {
    await app.add('p', { task_id: 'TASK-1', status: 'failed' }, { task_id: 'TASK-2', needs: ['TASK-1'] });
    expect((await app.claim('p', 'a')).body).toMatchObject({ reason: 'all_blocked', look_at: 'stuck' });
    const { body } = await app.get('/tasks/TASK-2/explain?project=p');
    expect(body).toMatchObject({ claimable: false, dependents: [] });
    expect((await app.get('/tasks/TASK-1/explain?project=p')).body).toMatchObject({ dependents: ['TASK-2'] });
    await app.delete('/tasks/TASK-1?project=p');
    await app.add('p', { task_id: 'TASK-3', status: 'in_progress' });
    await app.put('/tasks/TASK-2/needs/TASK-3?project=p', { group: 'other' });
    await app.delete('/tasks/TASK-2/needs/TASK-1?project=p');
    expect((await app.claim('p', 'a')).body).toMatchObject({ reason: 'all_blocked', look_at: 'blocked' });
  });

  it('a claim brings what its task goes on from: what it needs, and its own last attempts', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', needs: ['TASK-1'] });
    const first = await app.claim('p', 'a');
    const artifacts = [{ name: 'PRD', uri: 's3://b/prd' }];
    await app.move('p', 'TASK-1', {
      status: 'completed',
      claim_token: first.body.claim.token,
      completion_notes: 'Twelve pages',
      result: { pages: 12 },
      artifacts,
    });
    const second = await app.claim('p', 'a');
    const need = {
      kind: 'task',
      need: 'TASK-1',
      task_id: 'TASK-1',
      status: 'completed',
      completion_notes: 'Twelve pages',
      result: { pages: 12 },
      artifacts,
    };
    expect(second.body).toMatchObject({ context: { needs: [need] } });
    const failure = {
      status: 'failed',
      claim_token: second.body.claim.token,
      error: 'No answer',
      delay_seconds: 0,
    };
    await app.move('p', 'TASK-2', failure);
    expect((await app.claim('p', 'b')).body).toMatchObject({
      context: { needs: [need], attempts: [{ agent_id: 'a', outcome: 'failed', error: 'No answer' }] },
    });
  });

  it('a project that is too large keeps its readiness', async () => {
    await database.query(`insert into tasks (task_id, project_id, description, version)
      select 'TASK-' || n, 'p', 'Do it', 1 from generate_series(1, 10001) as n`);
    const { status, body } = await app.put('/projects/p', { readiness: 'inputs' });
    expect(status).toBe(409);
    expect(body.code).toBe('project_too_large');
  });
});
