import type { Note } from '../../src/contract/notes.ts';
import type { Task as TaskRepresentation } from '../../src/contract/task.ts';

/** An answer with its body parsed; the fields that a test reads are the ones that it expects. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

export interface AnswerBody {
  readonly success: boolean;
  readonly task: TaskRepresentation | null;
  readonly updated_task: TaskRepresentation;
  readonly deleted_task: TaskRepresentation;
  readonly id_stays_taken: boolean;
  readonly restorable_until: string | null;
  readonly restored_task: TaskRepresentation;
  readonly added_note: Note;
  readonly notes: Note[];
  readonly tasks: TaskRepresentation[];
  readonly count: number;
  readonly next_cursor: string | null;
  readonly total?: number;
  readonly total_is_exact?: boolean;
  readonly tasks_added: number;
  readonly task_ids: string[];
  readonly reason: string;
  readonly claim: { agent_id: string; token: string; attempt: number; lease_expires_at: string };
  readonly claims?: readonly {
    readonly task: TaskRepresentation;
    readonly claim: AnswerBody['claim'];
    readonly checkpoint?: unknown;
  }[];
  readonly retry_after_seconds: number;
  readonly released_task: TaskRepresentation;
  readonly artifact_type: string;
  readonly next_id: string;
  readonly reservation_id: string;
  readonly reserved_ids: string[];
  readonly expires_at: string;
  readonly deleted_count: number;
  readonly matched: number;
  readonly changed: number;
  readonly skipped: { task_id: string; reason: string }[];
  readonly has_more: boolean;
  readonly cursor: string | null;
  readonly message: string;
  readonly error: string;
  readonly code: string;
  readonly request_id: string;
  readonly details: Record<string, unknown>;
}

/** A caller of the API, wherever the service runs. */
export interface Api {
  send(path: string, init?: RequestInit): Promise<Response>;
  get(path: string, init?: RequestInit): Promise<Answer>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Adds tasks, given in part, to a project; fails the test where that fails. */
  add(project: string, ...tasks: (string | PartialTask)[]): Promise<void>;
  /** Moves a task of a project. */
  move(project: string, taskId: string, body: unknown): Promise<Answer>;
  /** Claims the next task of a project for an agent. */
  claim(project: string, agent: string, more?: Record<string, unknown>): Promise<Answer>;
}

export type PartialTask = { readonly task_id: string } & Record<string, unknown>;

/** Makes a caller of the API of something like fetch. */
export function apiOver(send: Api['send']): Api {
  const answer = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await send(path, init);
    // Every answer of the API is JSON; a test that expects another field fails on its value.
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as AnswerBody,
    };
  };
  const withBody = (method: string) => (path: string, body: unknown, headers?: Record<string, string>) =>
    answer(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const put = withBody('PUT');
  const post = withBody('POST');
  return {
    send,
    get: answer,
    put,
    patch: withBody('PATCH'),
    post,
    delete: (path) => answer(path, { method: 'DELETE' }),
    async add(project, ...tasks) {
      const added = await post('/tasks/batch', { tasks: tasks.map((task) => newTask(project, task)) });
      if (added.status !== 200) throw new Error(added.body.error);
    },
    move: (project, taskId, body) => put(`/tasks/${taskId}/status?project=${project}`, body),
    claim: (project, agent, more = {}) =>
      post('/tasks/claim', { project_id: project, agent_id: agent, ...more }),
  };
}

/** What a task has that was added with nothing of this said, and that nobody has claimed. */
export const UNCLAIMED = {
  priority: 2,
  effective_priority: 2,
  unmet_needs: 0,
  stuck_needs: 0,
  stale: false,
  not_before: null,
  max_attempts: 3,
  attempt: 0,
  retry_at: null,
  last_error: null,
  expiries: 0,
  max_expiries: null,
  max_run_seconds: null,
  progress: null,
  usage: null,
  result: null,
  artifacts: [],
  claimed_by: null,
  lease_expires_at: null,
  last_heartbeat_at: null,
  labels: [],
  metadata: {},
  note_count: 0,
  revision: 1,
};

/** A task to add, with what the API requires filled in. */
export function newTask(project: string, task: string | PartialTask) {
  const given = typeof task === 'string' ? { task_id: task } : task;
  return { project_id: project, description: `Do ${given.task_id}`, ...given };
}
