import type { Answer, Api } from '../support/api.ts';

/** A request that is refused for its form, whatever tasks there are. */
interface InvalidRequest {
  readonly status: number;
  readonly code: string;
  readonly send: (api: Api, project: string, taskId: string) => Promise<Answer>;
}

const INVALID = { status: 400, code: 'validation_error' } as const;

/** Requests that must be refused and change nothing; those that write would change something if they were let in. */
export const INVALID_REQUESTS = {
  'next without a project': { ...INVALID, send: (api) => api.get('/tasks/next') },
  'list with an unknown parameter': {
    ...INVALID,
    send: (api, project) => api.get(`/tasks?project=${project}&state=pending`),
  },
  'list with no limit at all': {
    ...INVALID,
    send: (api, project) => api.get(`/tasks?project=${project}&limit=0`),
  },
  'list from a forged cursor': {
    ...INVALID,
    send: (api, project) => api.get(`/tasks?project=${project}&cursor=forged`),
  },
  'get in two projects': {
    ...INVALID,
    send: (api, project, taskId) => api.get(`/tasks/${taskId}?project=${project}&project=other`),
  },
  'move to an unknown status': {
    ...INVALID,
    send: (api, project, taskId) => api.move(project, taskId, { status: 'done' }),
  },
  'move with an unknown field': {
    ...INVALID,
    send: (api, project, taskId) => api.move(project, taskId, { status: 'in_progress', owner: 'x' }),
  },
  'move with an error that is none': {
    ...INVALID,
    send: (api, project, taskId) => api.move(project, taskId, { status: 'in_progress', error: 'none' }),
  },
  'claim for nobody': { ...INVALID, send: (api, project) => api.claim(project, '') },
  'claim for half a second': {
    ...INVALID,
    send: (api, project) => api.claim(project, 'x', { lease_seconds: 0.5 }),
  },
  'release without a token': {
    ...INVALID,
    send: (api, project, taskId) => api.post(`/tasks/${taskId}/release?project=${project}`, {}),
  },
  'claim under a key with a space': {
    ...INVALID,
    send: (api, project) =>
      api.post('/tasks/claim', { project_id: project, agent_id: 'x' }, { 'idempotency-key': 'a key' }),
  },
  'move with half a body': {
    status: 400,
    code: 'malformed_json',
    send: (api, project, taskId) => api.move(project, taskId, '{"status": "in_progress"'),
  },
  'move of an id in small letters': {
    ...INVALID,
    send: (api, project, taskId) => api.move(project, taskId.toLowerCase(), { status: 'in_progress' }),
  },
  'add nothing': { ...INVALID, send: (api) => api.post('/tasks/batch', { tasks: [] }) },
  'add one without a description': {
    ...INVALID,
    send: (api, project, taskId) =>
      api.post('/tasks/batch', { tasks: [{ task_id: taskId, project_id: project }] }),
  },
  'get the batch': { status: 405, code: 'method_not_allowed', send: (api) => api.get('/tasks/batch') },
  'get nowhere': { status: 404, code: 'route_not_found', send: (api) => api.get('/task') },
} as const satisfies Record<string, InvalidRequest>;

export type InvalidName = keyof typeof INVALID_REQUESTS;
