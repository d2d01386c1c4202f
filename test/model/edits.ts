import type { Ranks } from './adding.ts';
import {
  connectMakers,
  connectNeeds,
  counted,
  hasCycle,
  needForArtifact,
  settled,
  settledAfter,
} from './graph.ts';
import type { EditIntent, TaskKey } from './intent.ts';
import {
  type DeletedTask,
  projectOf,
  type Refusal,
  type Result,
  refuse,
  replace,
  type State,
  tasksOf,
  withProject,
  withTasks,
} from './state.ts';
import {
  inOrder,
  labelBy,
  type ModelTask,
  type Need,
  NOT_FOUND,
  noteBy,
  sameTask,
  viewOfTask,
} from './task.ts';

/** Edits a task: its revision grows with what changes, and with nothing else. */
export function edit(state: State, intent: EditIntent, number: number): Result {
  const { expected, priority, maxAttempts, labels } = intent;
  const target = state.tasks.find((task) => sameTask(task, intent));
  if (target === undefined) return { state, view: NOT_FOUND };
  const { task: task_id, revision, attempt } = target;
  if (expected !== undefined && expected !== revision)
    return { state, view: { status: 412, code: 'revision_conflict', details: { task_id, revision } } };
  const edited = editedTask(target, {
    priority,
    maxAttempts,
    labels: labels ? [labelBy(number)] : target.labels,
  });
  if (edited === target) return { state, view: { status: 200, updated_task: viewOfTask(target) } };
  if (edited.maxAttempts < attempt)
    return { state, view: { status: 409, code: 'not_editable', details: { task_id, attempt } } };
  const after = replace(state, target, edited);
  return shownAs('updated_task', settled(after, target.project, []), target);
}

/** The task as an edit leaves it; the very same one where it finds it so. */
export function editedTask(
  task: ModelTask,
  {
    priority = task.priority,
    maxAttempts = task.maxAttempts,
    labels,
  }: {
    readonly priority: number | undefined;
    readonly maxAttempts: number | undefined;
    readonly labels: readonly string[];
  },
): ModelTask {
  const isSame =
    priority === task.priority && maxAttempts === task.maxAttempts && labels.join() === task.labels.join();
  if (isSame) return task;
  return { ...task, priority, maxAttempts, labels, revision: task.revision + 1, putOff: false };
}

/** Adds a note: the task goes on as it is. */
export function addNote(state: State, key: TaskKey, number: number): Result {
  const target = state.tasks.find((task) => sameTask(task, key));
  if (target === undefined) return { state, view: NOT_FOUND };
  const text = noteBy(number);
  const noted = { ...target, noted: [...target.noted, text] };
  return { state: replace(state, target, noted), view: { status: 200, added_note: text } };
}

export function readNotes(state: State, key: TaskKey): Result {
  const target = state.tasks.find((task) => sameTask(task, key));
  if (target === undefined) return { state, view: NOT_FOUND };
  return { state, view: { status: 200, notes: target.noted, count: target.noted.length } };
}

/**
 * Deletes a task; with `purge` for good, also one that was deleted before. What it has made is there all the same; what
 * was not decided of the needs for it counts as cancelled.
 */
export function remove(state: State, key: TaskKey, purge: boolean): Result {
  const found = state.tasks.find((task) => sameTask(task, key));
  if (found === undefined) return purge ? purgeDeleted(state, key) : { state, view: NOT_FOUND };
  const { project, task, makes, status } = found;
  const shown = viewOfTask(found);
  const dependents = tasksOf(state, project)
    .filter(({ needs }) => needs.some(({ kind, parent }) => kind === 'task' && parent === task))
    .map((child) => child.task);
  const { provided } = projectOf(state, project);
  const left: State = {
    ...state,
    tasks: state.tasks.filter((each) => each !== found),
    deleted: purge ? state.deleted : [...state.deleted, { task: found, shown, dependents }],
  };
  const made = status === 'completed' ? [...new Set([...provided, ...makes])].toSorted() : provided;
  const known = made.length === provided.length ? left : withProject(left, project, { provided: made });
  const cut = withTasks(settledAfter(known, project, task), project, (each) => ({
    ...each,
    needs: each.needs.map((need) => (need.parent === task ? { ...need, parent: null } : need)),
  }));
  return { state: cut, view: { status: 200, deleted_task: shown, id_stays_taken: !purge } };
}

const deletedIn = ({ deleted }: State, key: TaskKey) => deleted.find(({ task }) => sameTask(task, key));

function purgeDeleted(state: State, key: TaskKey): Result {
  const found = deletedIn(state, key);
  if (found === undefined) return { state, view: NOT_FOUND };
  return {
    state: { ...state, deleted: state.deleted.filter((each) => each !== found) },
    view: { status: 200, deleted_task: found.shown, id_stays_taken: false },
  };
}

/** Brings a deleted task back as it was, without its claim, and lets what waited for it wait again. */
export function restore(state: State, key: TaskKey, ranks: Ranks | undefined): Result {
  const found = deletedIn(state, key);
  if (found === undefined) return { state, view: { status: 404, code: 'not_deleted' } };
  const { project } = key;
  const back = restored(state, found);
  const place = (task: ModelTask) => (ranks === undefined ? task.born : ranks(task));
  const there: State = {
    ...state,
    deleted: state.deleted.filter((each) => each !== found),
    tasks: [...state.tasks, back].toSorted((one, other) => place(one) - place(other)),
  };
  const fresh = back.needs.map((need) => ({ task: back.task, need }));
  const after = [
    (before: State) => connectNeeds(before, project, fresh),
    (before: State) => (back.makes.length > 0 ? connectMakers(before, project, [back.task]) : before),
    (before: State) => reconnect(before, found),
  ].reduce<State | Refusal>((before, step) => ('refused' in before ? before : step(before)), there);
  if ('refused' in after) return { state, view: after.refused };
  return shownAs('restored_task', settled(after, project, []), back);
}

function restored(state: State, { task }: DeletedTask): ModelTask {
  const counts = projectOf(state, task.project).readiness === 'inputs';
  const needs = restorableNeeds(state, task).map(
    (need): Need => ({ ...need, parent: need.need, state: 'waiting' }),
  );
  return counted({
    ...task,
    ...(task.claim === null
      ? {}
      : {
          status: 'pending',
          attempt: Math.max(task.attempt - 1, 0),
          progress: null,
          stale: false,
          claim: null,
        }),
    putOff: false,
    needs: inOrder([...needs, ...(counts ? task.inputs.map(needForArtifact) : [])]),
    makes: counts ? task.outputs : [],
  });
}

/** Those for tasks, but for the groups that a task has met which is gone by now. */
function restorableNeeds(state: State, { project, needs }: ModelTask): readonly Need[] {
  const ofTasks = needs.filter(({ kind }) => kind === 'task');
  const isThere = (id: string) => tasksOf(state, project).some(({ task }) => task === id);
  const met = ofTasks.filter((need) => need.state === 'met' && !isThere(need.need));
  return ofTasks.filter(({ group }) => !met.some((each) => each.group === group));
}

function reconnect(state: State, { task: { project, task: id }, dependents }: DeletedTask): State | Refusal {
  const isCut = ({ kind, need, parent }: Need) => kind === 'task' && need === id && parent === null;
  const children = tasksOf(state, project).filter(
    ({ task, needs }) => dependents.includes(task) && needs.some(isCut),
  );
  const ids = children.map(({ task }) => task);
  const connected = withTasks(state, project, (task) =>
    ids.includes(task.task)
      ? { ...task, needs: task.needs.map((need) => (isCut(need) ? { ...need, parent: id } : need)) }
      : task,
  );
  if (hasCycle(tasksOf(connected, project), ids)) return refuse(409, 'need_cycle');
  return ids.length === 0 ? connected : settled(connected, project, ids);
}

function shownAs(name: string, state: State, key: TaskKey): Result {
  const task = state.tasks.find((each) => sameTask(each, key));
  return { state, view: { status: 200, [name]: task && viewOfTask(task) } };
}
