import { afterAges, type Contested, claims, earlierLook, NONE_CONTESTED, underClaim } from './claims.ts';
import {
  type ClaimIntent,
  type CreatedTask,
  type Intent,
  type MoveIntent,
  type NewModelTask,
  notesSent,
  type Operation,
  type Status,
  type View,
} from './intent.ts';
import {
  byUrgency,
  claimRefusal,
  conflict,
  descriptionBy,
  EXITS,
  errorBy,
  isDue,
  type ModelTask,
  madeBy,
  NOT_FOUND,
  type Result,
  replace,
  type State,
  sameTask,
  viewOfTask,
} from './task.ts';
import { pauseAfter } from './waits.ts';

/** A rank for each task where the order of creation is known from elsewhere. */
export type Ranks = (task: CreatedTask) => number;

/** What the operation alone does not tell. */
export interface Circumstances {
  /** New tasks take the place that these give them; without, the last. */
  readonly ranks?: Ranks;
  /** The answer, which tells the token of a claim: no model can know it, only that it is greater than those before. */
  readonly seen?: View | undefined;
}

/**
 * What the API does where nobody is in the way: the state after the operation and the answer to it. The very same
 * state comes back where nothing is changed.
 */
export function step(state: State, operation: Operation, circumstances: Circumstances): Result {
  const { intent } = operation;
  if (intent.kind !== 'claim') return certain(state, operation, intent, circumstances);
  const [result] = claims(state, intent, operation.number, circumstances.seen, NONE_CONTESTED);
  if (result === undefined) throw new Error('A claim comes to something');
  return result;
}

/** All that it may come to: a claim to one thing or another, where others contest what it looks for. */
export function outcomes(
  state: State,
  operation: Operation,
  circumstances: Circumstances,
  isContested: Contested,
): readonly Result[] {
  const { intent } = operation;
  if (intent.kind === 'look') return earlierLook(state, intent.project);
  return intent.kind === 'claim'
    ? claims(state, intent, operation.number, circumstances.seen, isContested)
    : [certain(state, operation, intent, circumstances)];
}

function certain(
  state: State,
  operation: Operation,
  intent: Exclude<Intent, ClaimIntent>,
  { ranks }: Circumstances,
): Result {
  switch (intent.kind) {
    case 'heartbeat':
    case 'release':
      return underClaim(state, intent, operation);
    case 'look':
      throw new Error('Only a search for an order takes a look by itself');
    case 'tick':
      return { state: state.map(afterAges), view: { status: 200 } };
    case 'next':
      return { state, view: next(state, intent.project, intent.status ?? 'pending') };
    case 'list':
      return { state, view: list(state, intent, operation.after, ranks) };
    case 'get': {
      const found = state.find((task) => sameTask(task, intent));
      return { state, view: found ? { status: 200, task: viewOfTask(found) } : NOT_FOUND };
    }
    case 'move':
      return move(state, intent, operation);
    case 'delete': {
      const found = state.find((task) => sameTask(task, intent));
      if (found === undefined) return { state, view: NOT_FOUND };
      const left = state.filter((task) => task !== found);
      return { state: left, view: { status: 200, deleted_task: viewOfTask(found) } };
    }
    case 'add':
      return add(state, intent.tasks, operation.number, ranks);
    case 'invalid':
      return { state, view: { status: intent.status, code: intent.code } };
  }
}

function next(state: State, project: string, status: Status): View {
  const own = state.filter((task) => task.project === project && task.status === status);
  const found = status === 'pending' ? byUrgency(own.filter(isDue))[0] : own[0];
  if (found) return { status: 200, task: viewOfTask(found) };
  return { status: 200, task: null, message: `No ${status} tasks for project` };
}

function list(
  state: State,
  { project, status, limit = 1_000 }: Extract<Intent, { kind: 'list' }>,
  after: CreatedTask | undefined,
  ranks: Ranks | undefined,
): View {
  const rank = ranks ?? ((key: CreatedTask) => state.findIndex((task) => sameTask(task, key)));
  const start = after === undefined ? Number.NEGATIVE_INFINITY : rank(after);
  const found = state.filter(
    (task) =>
      task.project === project && (status === undefined || task.status === status) && rank(task) > start,
  );
  const tasks = found.slice(0, limit).map(viewOfTask);
  return { status: 200, tasks, count: tasks.length, more: found.length > limit };
}

function move(state: State, intent: MoveIntent, operation: Operation): Result {
  const { number, token } = operation;
  const { task, project, to, reset = false, notes, force = false } = intent;
  const matches = state.filter((it) => it.task === task && (project === undefined || it.project === project));
  const [target, another] = matches;
  if (target === undefined) return { state, view: NOT_FOUND };
  if (another !== undefined)
    return { state, view: { status: 409, code: 'ambiguous_task', details: { task_id: task } } };
  const from = target.status;
  const exits = EXITS[from];
  const isReset = reset && exits.reset.includes(to);
  if (token !== undefined && target.movedBy === token && target.claim === null && from === to)
    return { state, view: { status: 200, updated_task: viewOfTask(target) } };
  if (!force && isForeign(target, token)) return { state, view: claimRefusal(target) };
  if (!(isReset || exits.move.includes(to))) return { state, view: refusal(target, to) };
  const kept = isReset
    ? RESET
    : { notes: notesSent(notes, number) || target.notes, ...madeBy(intent, number) };
  const movedBy = token !== undefined && target.claim?.token === token ? token : null;
  const ended = { claim: null, movedBy, putOff: false, progress: null };
  const checkpoint = isReset || to === 'completed' ? null : target.checkpoint;
  const moved = { ...target, ...kept, ...arrival(target, to, operation), ...ended, checkpoint };
  return { state: replace(state, target, moved), view: { status: 200, updated_task: viewOfTask(moved) } };
}

const RESET = { notes: null, attempt: 0, expiries: 0, error: null, result: null, artifacts: [] };

/** Whether the task is somebody else's, as far as the token that was shown tells. */
function isForeign({ claim: held }: ModelTask, token: number | undefined): boolean {
  return token === undefined ? held?.live === true : held?.token !== token;
}

/** The status that a move ends in: a failed attempt under a claim leads back while attempts are left. */
function arrival(target: ModelTask, to: Status, { number, token }: Operation) {
  if (to !== 'failed') return { status: to, retry: 'none' as const };
  const holds = token !== undefined && target.claim?.token === token;
  const isRetried = holds && target.attempt < target.maxAttempts;
  const error = errorBy(number);
  return isRetried
    ? { status: 'pending' as const, retry: 'ahead' as const, pause: pauseAfter(target.attempt), error }
    : { status: to, retry: 'none' as const, error };
}

function refusal(task: ModelTask, to: Status): View {
  const code = 'invalid_transition';
  return { status: 400, code, details: conflict(code, task, { from: task.status, to }) };
}

function add(state: State, batch: readonly NewModelTask[], number: number, ranks: Ranks | undefined): Result {
  const known = batch.filter((task) => state.some((it) => sameTask(it, task)));
  const repeated = batch.some((task, at) => batch.findIndex((it) => sameTask(it, task)) !== at);
  if (repeated) return { state, view: { status: 400, code: 'validation_error' } };
  if (known.length > 0) {
    const existing = known.map(({ project, task }) => ({ project_id: project, task_id: task }));
    const details = { task_ids: known.map((task) => task.task), existing };
    return { state, view: { status: 409, code: 'task_exists', details } };
  }
  const added = batch.map(
    ({ project, task, status = 'pending', priority = 2, maxAttempts = 3, early = false }): ModelTask => ({
      project,
      task,
      status,
      description: descriptionBy(number),
      notes: null,
      priority,
      maxAttempts,
      attempt: 0,
      early,
      retry: 'none',
      pause: 0,
      putOff: false,
      error: null,
      claim: null,
      movedBy: null,
      lastToken: 0,
      lastClaim: null,
      expiries: 0,
      checkpoint: null,
      progress: null,
      result: null,
      artifacts: [],
    }),
  );
  const all = [...state, ...added];
  if (ranks !== undefined) all.sort((one, other) => ranks(one) - ranks(other));
  const task_ids = batch.map(({ task }) => task);
  return { state: all, view: { status: 200, tasks_added: batch.length, task_ids } };
}
