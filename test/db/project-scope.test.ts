import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planTransition } from '../../src/domain/transitions.ts';
import type { Answer, Api } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { tokenOf } from '../support/claim-token.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const SCOPES = ['read', 'write', 'admin'] as const;
const { keys, access } = keysFor({
  alpha: { projects: ['alpha'], scopes: SCOPES },
  both: { projects: ['alpha', 'gamma'], scopes: SCOPES },
});

const plan = planTransition('in_progress', false);
const START = { status: plan.to };
const task = (project_id: string, task_id: string) => ({ project_id, task_id, description: 'Do it' });

/** Every way to name a project; `beta` has the task of the id, `nowhere` does not exist. */
const WAYS: Readonly<Record<string, (api: Api, project: string, id: string) => Promise<Answer>>> = {
  'GET /tasks/next': (api, project) => api.get(`/tasks/next?project=${project}`),
  'GET /tasks/next of a status': (api, project) => api.get(`/tasks/next?project=${project}&status=completed`),
  'GET /tasks': (api, project) => api.get(`/tasks?project=${project}`),
  'GET /tasks of a status': (api, project) => api.get(`/tasks?project=${project}&status=pending`),
  'GET /tasks by words': (api, project) =>
    api.get(`/tasks?project=${project}&q=do&sort=relevance&total=true`),
  'GET /tasks by priority': (api, project) => api.get(`/tasks?project=${project}&sort=priority&state=ready`),
  'GET /tasks from a cursor': (api, project) => api.get(`/tasks?project=${project}&cursor=${btoa('1')}`),
  'GET /tasks/{task_id}': (api, project, id) => api.get(`/tasks/${id}?project=${project}`),
  'GET /tasks/{task_id}/history': (api, project, id) => api.get(`/tasks/${id}/history?project=${project}`),
  'GET /events': (api, project) => api.get(`/events?project=${project}`),
  'GET /events from now on': (api, project) => api.get(`/events?project=${project}&after=now`),
  'DELETE /tasks/{task_id}': (api, project, id) => api.delete(`/tasks/${id}?project=${project}`),
  'PUT /tasks/{task_id}/status': (api, project, id) => api.move(project, id, START),
  'PUT /tasks/{task_id}/status back': (api, project, id) =>
    api.move(project, id, { status: 'pending', reset: true }),
  'POST /tasks/claim': (api, project) => api.claim(project, 'agent'),
  'POST /tasks/claim for a generator': (api, project) =>
    api.claim(project, 'agent', { generator_name: 'hls' }),
  'POST /tasks/{task_id}/heartbeat': (api, project, id) =>
    api.post(`/tasks/${id}/heartbeat?project=${project}`, { claim_token: tokenOf(1) }),
  'POST /tasks/{task_id}/release': (api, project, id) =>
    api.post(`/tasks/${id}/release?project=${project}`, { claim_token: tokenOf(1) }),
  'POST /tasks/bulk of ids': (api, project, id) =>
    api.post('/tasks/bulk', { project_id: project, action: 'delete', ids: [id] }),
  'POST /tasks/bulk of a filter': (api, project) =>
    api.post('/tasks/bulk', { project_id: project, action: 'cancel', filter: {}, dry_run: true }),
  'POST /tasks/batch': (api, project, id) => api.post('/tasks/batch', { tasks: [task(project, id)] }),
  'POST /tasks/batch, the last of several': (api, project, id) =>
    api.post('/tasks/batch', { tasks: [task('alpha', 'NEW-1'), task('alpha', 'NEW-2'), task(project, id)] }),
  'POST /tasks/batch, the first of several': (api, project, id) =>
    api.post('/tasks/batch', { tasks: [task(project, id), task('alpha', 'TASK-1')] }),
};

/** Ways in which a client might hope to have its project taken for another. */
const SMUGGLED: readonly [string, HeadersInit][] = [
  ['/tasks/next?project=beta', { 'x-project': 'alpha', 'x-project-id': 'alpha' }],
  ['/tasks/next?project=beta', { 'x-original-url': '/tasks/next?project=alpha', 'x-forwarded-uri': '/x' }],
  ['/tasks/next?project=beta', { cookie: 'project=alpha', 'x-caller': 'admin', 'x-scopes': 'admin' }],
  ['/tasks/next?project=alpha&project=beta', {}],
  ['/tasks/next?project=beta&project=alpha', {}],
  ['/tasks/next?project=alpha%26project=beta', {}],
  ['/tasks/next?project[]=beta&project=alpha', {}],
  ['/tasks/next?project=alpha%00beta', {}],
  ['/tasks/next?project=alpha%2Cbeta', {}],
  ['/tasks/next?project=*', {}],
  ['/tasks/next?project=BETA', {}],
  ['/tasks/next?project=bet%61', {}],
];

describe.each(DRIVERS)('the projects of a credential over %s', (driver) => {
  let database: DatabaseUnderTest;
  let everybody: Api;
  let alpha: Api;
  let both: Api;

  beforeAll(async () => {
    database = await openTestDatabase();
    const options = { driver, connectionString: database[driver] };
    const app = appUnderTest({ ...options, access });
    everybody = appUnderTest(options);
    alpha = withCredential(app, keys.alpha);
    both = withCredential(app, keys.both);
  });
  beforeEach(async () => {
    await database.empty();
    await everybody.add('alpha', 'TASK-1');
    await everybody.add('beta', 'TASK-1', 'BETA-1', { task_id: 'BETA-2', status: 'completed' });
  });

  const everything = () => database.query('select * from tasks order by project_id, task_id');

  it.each(Object.entries(WAYS))('%s refuses a foreign project alike, whatever is in it', async (_, ask) => {
    const before = await everything();
    const answers: unknown[] = [];
    for (const [project, id] of [
      ['beta', 'BETA-1'],
      ['beta', 'NONE-1'],
      ['nowhere', 'BETA-1'],
    ] as const) {
      const { status, body } = await ask(alpha, project, id);
      expect(body).toMatchObject({ code: 'project_forbidden', details: { project_ids: [project] } });
      const told = JSON.stringify({ ...body, request_id: '' }).replaceAll(project, 'P');
      answers.push([status, told]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual([403, expect.not.stringMatching(/TASK|BETA/)]);
    expect(await everything()).toEqual(before);
  });

  it.each(Object.entries(WAYS))('%s serves a project that the credential has access to', async (_, ask) => {
    for (const answer of [await ask(alpha, 'alpha', 'NONE-1'), await ask(both, 'gamma', 'NONE-1')]) {
      expect([200, 404, 409]).toContain(answer.status);
    }
  });

  it.each(SMUGGLED)('a request gets around no project check: %s %j', async (path, headers) => {
    const { status, body } = await alpha.get(path, { headers });
    expect([400, 403]).toContain(status);
    expect(JSON.stringify(body)).not.toContain('BETA-1');
  });

  it('a batch names its projects in its body, not in the query', async () => {
    const smuggled = await alpha.post('/tasks/batch?project=alpha', { tasks: [task('beta', 'NEW-1')] });
    expect(smuggled.status).toBe(400);
  });

  it('a move without a project does not find the tasks of other projects', async () => {
    const before = await everything();
    const { status, body } = await alpha.put('/tasks/BETA-1/status', START);
    const none = await alpha.put('/tasks/NONE-1/status', START);
    expect([status, body.error]).toEqual([404, 'Task BETA-1 not found']);
    expect([none.status, none.body.error]).toEqual([404, 'Task NONE-1 not found']);
    expect(await everything()).toEqual(before);
  });

  it('a move without a project finds the only task with access', async () => {
    expect((await everybody.put('/tasks/TASK-1/status', START)).body.code).toBe('ambiguous_task');
    const { status, body } = await alpha.put('/tasks/TASK-1/status', START);
    expect([status, body.updated_task.project_id]).toEqual([200, 'alpha']);
    expect((await everybody.get('/tasks/TASK-1?project=beta')).body.task?.status).toBe('pending');
  });

  it('an id is ambiguous only if two projects with access have it', async () => {
    expect((await both.put('/tasks/TASK-1/status', START)).status).toBe(200);
    await everybody.add('gamma', 'TASK-1');
    const { body } = await both.put('/tasks/TASK-1/status', START);
    expect([body.code, JSON.stringify(body)]).toEqual(['ambiguous_task', expect.not.stringMatching(/beta/)]);
  });

  it('a credential without projects sees and does nothing', async () => {
    const none = keysFor({ none: { projects: [], scopes: SCOPES } });
    const app = appUnderTest({ driver, connectionString: database[driver], access: none.access });
    const api = withCredential(app, none.keys.none);
    expect((await api.get('/tasks?project=alpha')).status).toBe(403);
    expect((await api.put('/tasks/TASK-1/status', START)).status).toBe(404);
  });
});
