import { addTasks, type Ranks } from './adding.ts';
import { afterAges, type Contested, claims, earlierLook, NONE_CONTESTED, underClaim } from './claims.ts';
import { addNote, edit, readNotes, remove, restore } from './edits.ts';
import { makesAgain, settledAfter } from './graph.ts';
import { provideArtifact, putNeed, putSettings, removeNeed } from './graph-changes.ts';
import {
  type ClaimIntent,
  type CreatedTask,
  type Intent,
  type MoveIntent,
  notesSent,
  type Operation,
  type Status,
  type View,
} from './intent.ts';
import { reserve } from './numbers.ts';
import { projectOf, type Result, replace, type State, tasksOf } from './state.ts';
import {
  byUrgency,
  claimRefusal,
  conflict,
  EXITS,
  errorBy,
  isDue,
  isLive,
  type ModelTask,
  madeBy,
  NOT_FOUND,
  sameTask,
  viewOfNeeds,
  viewOfTask,
} from './task.ts';
import { PAUSE_REASON, pauseAfter } from './waits.ts';

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
      return { state: afterAges(state), view: { status: 200 } };
    case 'next':
      return { state, view: next(state, intent.project, intent.status ?? 'pending') };
    case 'list':
      return { state, view: list(state, intent, operation.after, ranks) };
    case 'get': {
      const found = state.tasks.find((task) => sameTask(task, intent));
      if (found === undefined) return { state, view: NOT_FOUND };
      const view = { status: 200, task: viewOfTask(found) };
      return { state, view: intent.needs ? { ...view, needs: viewOfNeeds(found, state.tasks) } : view };
    }
    case 'move':
      return move(state, intent, operation);
    case 'delete':
      return remove(state, intent, intent.purge);
    case 'restore':
      return restore(state, intent, ranks);
    case 'edit':
      return edit(state, intent, operation.number);
    case 'note':
      return addNote(state, intent, operation.number);
    case 'notes':
      return readNotes(state, intent);
    case 'reserve':
      return reserve(state, intent.project, intent.count);
    case 'need':
      return putNeed(state, intent);
    case 'unneed':
      return removeNeed(state, intent);
    case 'artifact':
      return provideArtifact(state, intent);
    case 'settings':
      return putSettings(state, intent);
    case 'add':
      return addTasks(state, intent.tasks, operation.number, ranks);
    case 'invalid':
      return { state, view: { status: intent.status, code: intent.code } };
  }
}

function next(state: State, project: string, status: Status): View {
  if (status === 'pending' && projectOf(state, project).pause !== 'none')
    return { status: 200, task: null, message: `The project is paused: ${PAUSE_REASON}` };
  const own = tasksOf(state, project).filter((task) => task.status === status);
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
  const rank = ranks ?? ((key: CreatedTask) => state.tasks.findIndex((task) => sameTask(task, key)));
  const start = after === undefined ? Number.NEGATIVE_INFINITY : rank(after);
  const found = tasksOf(state, project).filter(
    (task) => (status === undefined || task.status === status) && rank(task) > start,
  );
  const tasks = found.slice(0, limit).map(viewOfTask);
  return { status: 200, tasks, count: tasks.length, more: found.length > limit };
}

function move(state: State, intent: MoveIntent, operation: Operation): Result {
  const { token } = operation;
  const { task, project, to, reset = false, force = false } = intent;
  const matches = state.tasks.filter(
    (it) => it.task === task && (project === undefined || it.project === project),
  );
  const [target, another] = matches;
  if (target === undefined) return { state, view: NOT_FOUND };
  if (another !== undefined)
    return { state, view: { status: 409, code: 'ambiguous_task', details: { task_id: task } } };
  const { status: from } = target;
  const isReset = reset && EXITS[from].reset.includes(to);
  if (isRepeated(target, to, token))
    return { state, view: { status: 200, updated_task: shownMove(target, reset) } };
  if (!force && isForeign(target, token)) return { state, view: claimRefusal(target) };
  if (!(isReset || EXITS[from].move.includes(to))) return { state, view: refusal(target, to) };
  if (to === 'in_progress' && target.unmet > 0 && !force) return { state, view: needsUnmet(target) };
  return moved(state, target, intent, operation, isReset);
}

const isRepeated = (target: ModelTask, to: Status, token: number | undefined) =>
  token !== undefined && target.movedBy === token && target.claim === null && target.status === to;

function moved(
  state: State,
  target: ModelTask,
  intent: MoveIntent,
  operation: Operation,
  isReset: boolean,
): Result {
  const { number, token } = operation;
  const { to, notes, reset = false } = intent;
  const kept = isReset
    ? RESET
    : { notes: notesSent(notes, number) || target.notes, ...madeBy(intent, number) };
  const arrived = arrival(target, to, operation);
  const movedBy = token !== undefined && target.claim?.token === token ? token : null;
  const stale = target.stale && !isLive(arrived.status);
  const ended = { claim: null, movedBy, putOff: false, progress: null, stale };
  const checkpoint = isReset || to === 'completed' ? null : target.checkpoint;
  const after = { ...target, ...kept, ...arrived, ...ended, checkpoint };
  const settledState = afterMove(replace(state, target, after), target, after);
  if ('refused' in settledState) return { state, view: settledState.refused };
  // The answer tells the task itself; what the move does to others comes after it.
  return { state: settledState, view: { status: 200, updated_task: shownMove(after, reset) } };
}

/** The priority of a task that is to be done again is looked at after its answer. */
function shownMove(task: ModelTask, reset: boolean) {
  return reset ? { ...viewOfTask(task), effective: null } : viewOfTask(task);
}

/** What becomes of the graph after a task has been moved. */
function afterMove(state: State, before: ModelTask, { project, task, status, ...after }: ModelTask) {
  if (isLive(before.status) && isLive(status)) return state;
  const isBack = before.status === 'failed' || before.status === 'cancelled';
  const connected = isBack ? makesAgain(state, project, { project, task, status, ...after }) : state;
  return 'refused' in connected ? connected : settledAfter(connected, project, task);
}

function needsUnmet({ task, needs }: ModelTask): View {
  const unmet = needs
    .filter(({ state }) => state !== 'met')
    .toSorted((one, other) => (one.state + one.need < other.state + other.need ? -1 : 1))
    .map(({ kind, need, state }) => ({ kind, need, state }));
  return { status: 409, code: 'needs_unmet', details: { task_id: task, unmet } };
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
