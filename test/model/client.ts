import type { TaskRepresentation } from '../../src/http/schemas/task-representation.ts';
import type { Answer, AnswerBody, Api } from '../support/api.ts';
import { INVALID_REQUESTS } from './invalid-requests.ts';
import {
  descriptionBy,
  type Intent,
  notesSent,
  type Operation,
  sameTask,
  type TaskKey,
  type View,
} from './model.ts';

/** The ids and numbers of one run, so that nothing of another, were it late, can be taken for its own. */
export interface Scope {
  projectId(project: string): string;
  taskId(task: string): string;
  /** Turns the run's ids back into local ones, in all texts; those of others stay as they are. */
  localize<T>(value: T): T;
  nextNumber(): number;
}

let scopes = 0;

/** Opens a scope that no other shares. */
export function newScope(): Scope {
  scopes += 1;
  const project = `m${scopes}.`;
  const task = `M${scopes}T`;
  let numbers = 0;
  return {
    projectId: (local) => project + local,
    taskId: (local) => task + local,
    // The type is that of the value: only texts in it change.
    localize: <T>(value: T) =>
      JSON.parse(JSON.stringify(value).replaceAll(project, '').replaceAll(task, '')) as T,
    nextNumber: () => {
      numbers += 1;
      return numbers;
    },
  };
}

/** An operation and what came of it. */
export interface Exchange {
  readonly operation: Operation;
  readonly view: View;
}

interface Cursor {
  readonly token: string;
  readonly after: TaskKey;
}

/** A client of the API: sends what is meant, remembers the cursor of its last page. */
export function newClient(api: Api, scope: Scope): (intent: Intent) => Promise<Exchange> {
  let cursor: Cursor | undefined;
  return async (intent) => {
    const from = intent.kind === 'list' && intent.follow ? cursor : undefined;
    const number = scope.nextNumber();
    const { status, body } = await send(api, scope, intent, number, from);
    const local = scope.localize(body);
    const last = local.tasks?.at(-1);
    // The model knows the place behind a task only while the task is there.
    if (intent.kind === 'delete' && cursor !== undefined && sameTask(cursor.after, intent))
      cursor = undefined;
    if (typeof body.next_cursor === 'string' && last !== undefined) {
      cursor = { token: body.next_cursor, after: { project: last.project_id, task: last.task_id } };
    }
    const operation = from === undefined ? { intent, number } : { intent, number, after: from.after };
    return { operation, view: viewOf(intent, status, local) };
  };
}

function send(
  api: Api,
  scope: Scope,
  intent: Intent,
  number: number,
  cursor: Cursor | undefined,
): Promise<Answer> {
  switch (intent.kind) {
    case 'next':
      return api.get(
        `/tasks/next?${query({ project: scope.projectId(intent.project), status: intent.status })}`,
      );
    case 'list': {
      const { status, limit } = intent;
      const project = scope.projectId(intent.project);
      return api.get(`/tasks?${query({ project, status, limit, cursor: cursor?.token })}`);
    }
    case 'get':
      return api.get(
        `/tasks/${scope.taskId(intent.task)}?${query({ project: scope.projectId(intent.project) })}`,
      );
    case 'move': {
      const project = intent.project === undefined ? undefined : scope.projectId(intent.project);
      const { to: status, reset, notes } = intent;
      const body = { status, reset, completion_notes: notesSent(notes, number) };
      return api.put(`/tasks/${scope.taskId(intent.task)}/status?${query({ project })}`, body);
    }
    case 'delete':
      return api.delete(
        `/tasks/${scope.taskId(intent.task)}?${query({ project: scope.projectId(intent.project) })}`,
      );
    case 'add': {
      const tasks = intent.tasks.map(({ project, task, status }) => ({
        task_id: scope.taskId(task),
        project_id: scope.projectId(project),
        description: descriptionBy(number),
        status,
      }));
      return api.post('/tasks/batch', { tasks });
    }
    case 'invalid':
      return INVALID_REQUESTS[intent.name].send(api, scope.projectId('a'), scope.taskId('-1'));
  }
}

function query(parameters: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

function viewOf(intent: Intent, status: number, body: AnswerBody): View {
  if (!body.success) {
    const { code, details } = body;
    const isToldApart = details !== undefined && !(intent.kind === 'invalid' || code === 'validation_error');
    return isToldApart ? { status, code, details } : { status, code };
  }
  const { success: _, task, updated_task, deleted_task, tasks, next_cursor, ...rest } = body;
  return {
    status,
    ...rest,
    ...(task === undefined ? {} : { task: task && viewOfShown(task) }),
    ...(updated_task === undefined ? {} : { updated_task: viewOfShown(updated_task) }),
    ...(deleted_task === undefined ? {} : { deleted_task: viewOfShown(deleted_task) }),
    ...(tasks === undefined ? {} : { tasks: tasks.map(viewOfShown), more: next_cursor !== null }),
  };
}

function viewOfShown(shown: TaskRepresentation): View {
  return {
    project: shown.project_id,
    task: shown.task_id,
    status: shown.status,
    description: shown.description,
    notes: shown.completion_notes,
    completed: shown.completed_at !== null,
  };
}
