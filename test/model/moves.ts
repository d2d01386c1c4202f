import { makesAgain, settledAfter } from './graph.ts';
import { type MoveIntent, notesSent, type Operation, type Status, type View } from './intent.ts';
import { type Refusal, type Result, replace, type State } from './state.ts';
import {
  claimRefusal,
  conflict,
  EXITS,
  errorBy,
  isLive,
  type ModelTask,
  madeBy,
  NOT_FOUND,
  viewOfTask,
} from './task.ts';
import { pauseAfter } from './waits.ts';

/** Moves a task, with a reset or without. */
export function move(state: State, intent: MoveIntent, operation: Operation): Result {
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
  const arrived = arrival(target, to, operation);
  const after = {
    ...movedTask(target, { becomes: arrived.status, isReset, notes: notesSent(notes, number) }),
    ...(isReset ? {} : madeBy(intent, number)),
    ...arrived,
    movedBy: token !== undefined && target.claim?.token === token ? token : null,
  };
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
function afterMove(state: State, before: ModelTask, after: ModelTask) {
  return afterMoves(state, before.project, [{ before, after }]);
}

/** The same of several of one project, at once. */
export function afterMoves(
  state: State,
  project: string,
  moves: readonly { readonly before: ModelTask; readonly after: ModelTask }[],
): State | Refusal {
  const ends = moves.filter(({ before, after }) => !(isLive(before.status) && isLive(after.status)));
  if (ends.length === 0) return state;
  const back = ends.filter(({ before: { status } }) => status === 'failed' || status === 'cancelled');
  const connected = back.reduce<State | Refusal>(
    (before, { after }) => ('refused' in before ? before : makesAgain(before, project, after)),
    state,
  );
  if ('refused' in connected) return connected;
  return settledAfter(connected, project, ...ends.map(({ after }) => after.task));
}

function needsUnmet({ task, needs }: ModelTask): View {
  const unmet = needs
    .filter(({ state }) => state !== 'met')
    .toSorted((one, other) => (one.state + one.need < other.state + other.need ? -1 : 1))
    .map(({ kind, need, state }) => ({ kind, need, state }));
  return { status: 409, code: 'needs_unmet', details: { task_id: task, unmet } };
}

/** What a move or a reset makes of a task, but for what a holder tells with it. */
export function movedTask(
  target: ModelTask,
  {
    becomes,
    isReset,
    notes,
  }: { readonly becomes: Status; readonly isReset: boolean; readonly notes: string | null | undefined },
): ModelTask {
  return {
    ...target,
    ...(isReset ? RESET : { notes: notes || target.notes }),
    status: becomes,
    retry: 'none',
    claim: null,
    movedBy: null,
    putOff: false,
    progress: null,
    stale: target.stale && !isLive(becomes),
    checkpoint: isReset || becomes === 'completed' ? null : target.checkpoint,
  };
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
