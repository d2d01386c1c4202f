import { lastEventId } from './events/media-type.ts';
import { GRAPH_ROUTES } from './graph-routes.ts';
import { ID_ROUTES } from './id-routes.ts';
import { LIST_ROUTES } from './list-routes.ts';
import { PROJECT_ROUTES } from './project-routes.ts';
import { toMetricsAnswer } from './prometheus/metrics-answer.ts';
import {
  eventLimitText,
  eventWaitText,
  noteLimitText,
  purgeText,
  revisionText,
  waitText,
} from './query-texts.ts';
import { ifMatch, withEtag } from './revisions/etag.ts';
import type { Row } from './row.ts';
import { type OutputOf, row } from './typed-row.ts';

/** THE table of the REST door: which request runs which operation, and where its fields come from. */
export const ROUTES: readonly Row[] = [
  row({
    operation: 'next_task',
    method: 'get',
    path: '/tasks/next',
    query: ['project', 'status', 'wait_seconds'],
    texts: { wait_seconds: waitText },
    names: { id: 'getNextTask', tag: 'tasks', answer: 'NextAnswer' },
  }),
  ...LIST_ROUTES,
  row({
    operation: 'add_tasks',
    method: 'post',
    path: '/tasks/batch',
    query: [],
    names: { id: 'addTasks', tag: 'tasks', answer: 'BatchAnswer', body: 'BatchRequest' },
  }),
  row({
    operation: 'claim_task',
    method: 'post',
    path: '/tasks/claim',
    query: [],
    names: { id: 'claimTask', tag: 'claims', answer: 'ClaimAnswer', body: 'ClaimRequest' },
  }),
  row({
    operation: 'get_task',
    method: 'get',
    path: '/tasks/{task_id}',
    query: ['project', 'include'],
    names: { id: 'getTask', tag: 'tasks', answer: 'TaskAnswer', hasEtag: true },
    answer: withEtag(({ task }: OutputOf<'get_task'>) => task),
  }),
  row({
    operation: 'edit_task',
    method: 'patch',
    path: '/tasks/{task_id}',
    query: ['project', 'expected_revision'],
    texts: { expected_revision: revisionText },
    names: { id: 'editTask', tag: 'tasks', answer: 'EditAnswer', body: 'EditRequest', hasEtag: true },
    parameters: ifMatch,
    answer: withEtag(({ updated_task }: OutputOf<'edit_task'>) => updated_task),
  }),
  row({
    operation: 'add_note',
    method: 'post',
    path: '/tasks/{task_id}/notes',
    query: ['project'],
    names: { id: 'addNote', tag: 'tasks', answer: 'NoteAnswer', body: 'NoteRequest' },
  }),
  row({
    operation: 'list_notes',
    method: 'get',
    path: '/tasks/{task_id}/notes',
    query: ['project', 'limit', 'cursor'],
    texts: { limit: noteLimitText },
    names: { id: 'listNotes', tag: 'tasks', answer: 'NotesAnswer' },
  }),
  row({
    operation: 'move_task',
    method: 'put',
    path: '/tasks/{task_id}/status',
    query: ['project'],
    names: { id: 'updateTaskStatus', tag: 'tasks', answer: 'MoveAnswer', body: 'MoveRequest' },
  }),
  row({
    operation: 'heartbeat_claim',
    method: 'post',
    path: '/tasks/{task_id}/heartbeat',
    query: ['project'],
    names: { id: 'heartbeatClaim', tag: 'claims', answer: 'HeartbeatAnswer', body: 'HeartbeatRequest' },
  }),
  row({
    operation: 'release_claim',
    method: 'post',
    path: '/tasks/{task_id}/release',
    query: ['project'],
    names: { id: 'releaseClaim', tag: 'claims', answer: 'ReleaseAnswer', body: 'ReleaseRequest' },
  }),
  row({
    operation: 'delete_task',
    method: 'delete',
    path: '/tasks/{task_id}',
    query: ['project', 'purge'],
    texts: { purge: purgeText },
    names: { id: 'deleteTask', tag: 'tasks', answer: 'DeleteAnswer' },
  }),
  row({
    operation: 'restore_task',
    method: 'post',
    path: '/tasks/{task_id}/restore',
    query: ['project'],
    names: { id: 'restoreTask', tag: 'tasks', answer: 'RestoreAnswer', body: 'RestoreRequest' },
  }),
  ...GRAPH_ROUTES,
  ...PROJECT_ROUTES,
  ...ID_ROUTES,
  row({
    operation: 'read_history',
    method: 'get',
    path: '/tasks/{task_id}/history',
    query: ['project', 'order', 'limit', 'cursor'],
    texts: { limit: eventLimitText },
    names: { id: 'getTaskHistory', tag: 'events', answer: 'HistoryAnswer' },
  }),
  row({
    operation: 'read_events',
    method: 'get',
    path: '/events',
    query: ['project', 'after', 'types', 'limit', 'wait_seconds'],
    texts: { limit: eventLimitText, wait_seconds: eventWaitText },
    names: { id: 'listEvents', tag: 'events', answer: 'EventsAnswer', streams: true },
    parameters: lastEventId,
    serve: async (asked) => (await import('./events/serve-events.ts')).serveEvents(asked),
  }),
  row({
    operation: 'read_metrics',
    method: 'get',
    path: '/metrics',
    query: 'ignored',
    names: { id: 'getMetrics', tag: 'operations' },
    answer: toMetricsAnswer,
  }),
];

/** The paths whose GET changes something. */
export const WITHOUT_HEAD: ReadonlySet<string> = new Set(
  ROUTES.filter(({ hasNoHead }) => hasNoHead).map(({ path }) => path),
);
