import { addTasks, type Ranks } from './adding.ts';
import { changeMany, sights } from './bulk.ts';
import { afterAges, type Contested, claims, earlierLook, NONE_CONTESTED, underClaim } from './claims.ts';
import { addNote, edit, readNotes, remove, restore } from './edits.ts';
import { provideArtifact, putNeed, putSettings, removeNeed } from './graph-changes.ts';
import type { ClaimIntent, CreatedTask, Intent, Operation, Status, View } from './intent.ts';
import { move } from './moves.ts';
import { reserve } from './numbers.ts';
import { projectOf, type Result, type State, tasksOf } from './state.ts';
import { byUrgency, isDue, NOT_FOUND, sameTask, viewOfNeeds, viewOfTask } from './task.ts';
import { transfer } from './transfer.ts';
import { PAUSE_REASON } from './waits.ts';

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
  if (intent.kind === 'bulk') {
    const { number } = operation;
    return sights(state, intent, circumstances.seen, isContested).map((sight) =>
      changeMany(state, intent, number, sight),
    );
  }
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
      if (operation.isOfAnotherList) return { state, view: { status: 400, code: 'validation_error' } };
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
    case 'bulk':
      return changeMany(state, intent, operation.number);
    case 'transfer':
      return transfer(state, intent.project, operation.number);
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
