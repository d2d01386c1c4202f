import { NEW } from './adding.ts';
import type { Entry, History } from './history.ts';
import type { CreatedTask, Intent, NewModelTask, Status, TaskKey, View } from './intent.ts';
import { descriptionBy, type ModelTask, type ShownTask, viewOfTask } from './task.ts';

export const TASK: ModelTask = {
  ...NEW,
  project: 'a',
  task: '-1',
  born: 0,
  status: 'pending',
  description: descriptionBy(1),
  priority: 2,
  maxAttempts: 3,
  early: false,
  effective: 2,
  needs: [],
  inputs: [],
  outputs: [],
  makes: [],
};
export const STARTED: ModelTask = { ...TASK, status: 'in_progress' };
export const COMPLETED: ModelTask = { ...TASK, status: 'completed' };

export const UNKNOWN: View = { status: 500, code: 'outcome_unknown' };
export const UNAVAILABLE: View = { status: 500, code: 'database_unavailable' };
export const REFUSED_AS_STARTED: View = {
  status: 400,
  code: 'invalid_transition',
  details: {
    reason: 'invalid_transition',
    status: 'in_progress',
    holder: null,
    allowed: [
      { status: 'completed', reset: false },
      { status: 'failed', reset: false },
      { status: 'cancelled', reset: false },
      { status: 'pending', reset: true },
    ],
    from: 'in_progress',
    to: 'in_progress',
  },
};

export const adding = (...tasks: (TaskKey & { readonly maxAttempts?: number })[]): Intent => ({
  kind: 'add',
  tasks: tasks.map(
    ({ project, task, maxAttempts }): NewModelTask => ({
      project,
      task,
      status: undefined,
      priority: undefined,
      maxAttempts,
      early: undefined,
      needs: undefined,
      inputs: undefined,
      outputs: undefined,
    }),
  ),
  again: undefined,
});
export const moving = (to: Status): Intent => ({
  kind: 'move',
  task: '-1',
  project: 'a',
  to,
  reset: undefined,
  notes: 'absent',
  token: 'none',
  force: undefined,
  result: undefined,
  artifacts: undefined,
  again: undefined,
});
export const claiming = (agent: string): Intent => ({
  kind: 'claim',
  project: 'a',
  agent,
  capacity: undefined,
  count: undefined,
  lease: undefined,
  wait: undefined,
  again: undefined,
});
export const claimed = (agent: string, token: number, attempt = 1): ModelTask => ({
  ...TASK,
  status: 'in_progress',
  attempt,
  claim: { agent, token, live: true, lease: 900 },
  lastToken: token,
  lastClaim: token,
});
export const given = (task: ModelTask, reason = 'claimed'): View => ({
  status: 200,
  task: viewOfTask(task),
  reason,
  claim: { agent: task.claim?.agent, token: task.claim?.token, attempt: task.attempt },
});
export const DELETING = { kind: 'delete', project: 'a', task: '-1', purge: true } as const satisfies Intent;
export const DELETED: View = { status: 200, deleted_task: viewOfTask(TASK), id_stays_taken: true };
export const PURGED: View = { ...DELETED, id_stays_taken: false };
export const GONE: View = { status: 404, code: 'task_not_found' };
export const ADDED_AGAIN: ModelTask = { ...TASK, description: descriptionBy(3) };
export const BEATING: Intent = {
  kind: 'heartbeat',
  progress: undefined,
  checkpoint: undefined,
  project: 'a',
  task: '-1',
  token: 'older',
  again: undefined,
};
export const NOTHING: View = { status: 200, task: null, reason: 'none_pending', claim: null };
export const ALL_CLAIMED: View = { ...NOTHING, reason: 'all_claimed', wait: 900 };
export const OTHER: ModelTask = { ...TASK, task: '-2' };
export const OTHER_CLAIMED: ModelTask = { ...claimed('x', 5), task: '-2' };
/** Held for its only attempt. */
export const LAST: ModelTask = { ...claimed('x', 5), maxAttempts: 1 };
export const TICK: readonly [Intent, View] = [{ kind: 'tick' }, { status: 200 }];
export const EXPIRED = { error: 'The lease of x expired', expiries: 1 };
export const GETTING: Intent = { kind: 'get', project: 'a', task: '-1', needs: undefined };

export const moved = (task: ModelTask): View => ({ status: 200, updated_task: viewOfTask(task) });
export const shown = (task: ModelTask): View => ({ status: 200, task: viewOfTask(task) });
export const stored = (task: ModelTask): ShownTask => viewOfTask(task);

export const ADDED: readonly [Intent, View] = [
  adding(TASK),
  { status: 200, tasks_added: 1, task_ids: ['-1'] },
];
export const ADDED_BOTH: readonly [Intent, View] = [
  adding(TASK, OTHER),
  { status: 200, tasks_added: 2, task_ids: ['-1', '-2'] },
];
export const ADDED_LAST: readonly [Intent, View] = [adding(LAST), ADDED[1]];

/** Exchanges one after the other; those in one list all at once. */
export function historyOf(
  steps: readonly (readonly (readonly [Intent, View])[])[],
  table: readonly ShownTask[],
  created: readonly CreatedTask[] = table,
): History {
  let number = 0;
  const entries = steps.flatMap((atOnce, moment) =>
    atOnce.map(([intent, view], client): Entry => {
      number += 1;
      return { client, operation: { intent, number }, view, sent: 2 * moment, answered: 2 * moment + 1 };
    }),
  );
  const isFaulty = entries.some(({ view }) => Number(view['status']) >= 500);
  return { isFaulty, isDrained: false, unlogged: [], miscounted: [], entries, table, created };
}

export function undated(): View {
  return { status: 200, task: { ...viewOfTask(COMPLETED), completed: false } };
}

/** An edit of the task that expects its first revision. */
export const EDITING: Intent = {
  kind: 'edit',
  project: 'a',
  task: '-1',
  expected: 1,
  priority: undefined,
  maxAttempts: undefined,
  labels: true,
  again: undefined,
};
export const EDITED: ModelTask = { ...TASK, revision: 2, labels: ['edit 2'] };
export const REVISION_CONFLICT: View = {
  status: 412,
  code: 'revision_conflict',
  details: { task_id: '-1', revision: 2 },
};
export const DELETING_FOR_A_WHILE: Intent = { ...DELETING, purge: false };
export const RESTORING: Intent = { kind: 'restore', project: 'a', task: '-1' };
export const restored = (task: ModelTask): View => ({ status: 200, restored_task: viewOfTask(task) });
export const ID_TAKEN: View = {
  status: 409,
  code: 'task_exists',
  details: { task_ids: ['-1'], existing: [], deleted: [{ project_id: 'a', task_id: '-1' }] },
};
export const RESERVING: Intent = { kind: 'reserve', project: 'a', count: 1, again: undefined };
export const reserved = (...ids: readonly string[]): View => ({ status: 200, reserved_ids: ids });
