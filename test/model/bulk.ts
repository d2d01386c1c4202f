import { type Contested, releasedTask, subsetsOf } from './claims.ts';
import { editedTask, remove } from './edits.ts';
import { isMaker, rivalsOf, settled } from './graph.ts';
import { type BulkChange, type BulkIntent, notesSent, type Status, type View } from './intent.ts';
import { afterMoves, movedTask } from './moves.ts';
import { type Refusal, type Result, replace, type State, tasksOf } from './state.ts';
import { EXITS, labelBy, type ModelTask } from './task.ts';

/** What a change of many tasks saw of the project, where others changed it while the request was under way. */
export interface Sight {
  /** It goes by the tasks that there were when it began, as far as they still pass. */
  readonly misses: (task: ModelTask) => boolean;
  /** Whether it takes another task for one that makes what a task would make again. */
  readonly isRival: (other: ModelTask) => boolean;
}

const CLEAR: Sight = { misses: () => false, isRival: isMaker };

/** What it may have seen, first all as it is. */
export function sights(
  state: State,
  intent: BulkIntent,
  seen: View | undefined,
  isContested: Contested,
): readonly Sight[] {
  const told = toldIn(seen);
  const own = tasksOf(state, intent.project);
  const uncertain = own.filter((task) => isMeant(task, intent) && isContested(task) && !told.has(task.task));
  const rivals = own.some((task) => task.makes.length > 0 && isContested(task))
    ? [
        isMaker,
        (other: ModelTask) => isMaker(other) && !isContested(other),
        (other: ModelTask) => isMaker(other) || isContested(other),
      ]
    : [isMaker];
  return subsetsOf(uncertain).flatMap((missed) =>
    rivals.map((isRival) => ({ misses: (task: ModelTask) => missed.includes(task), isRival })),
  );
}

/** The tasks that an answer tells of, which it can have missed none of; those that it did not find aside. */
function toldIn(seen: View | undefined): ReadonlySet<string> {
  // The lists of the contract.
  const ids = (seen?.['task_ids'] ?? []) as readonly string[];
  const skipped = (seen?.['skipped'] ?? []) as readonly Skipped[];
  const found = skipped.filter(({ reason }) => reason !== 'task_not_found');
  return new Set([...ids, ...found.map(({ task_id }) => task_id)]);
}

interface Skipped {
  readonly task_id: string;
  readonly reason: string;
}

/** Changes each task that it means by the rules of the single verb, all at once or none. */
export function changeMany(state: State, intent: BulkIntent, number: number, sight: Sight = CLEAR): Result {
  const { project, change, expect, dry, limit = Number.POSITIVE_INFINITY } = intent;
  const found = tasksOf(state, project).filter((task) => isMeant(task, intent) && !sight.misses(task));
  const matched = found.slice(0, limit);
  const has_more = found.length > matched.length;
  if (expect !== undefined && expect !== matched.length) {
    const details = { matched: matched.length, expected: expect, has_more };
    return { state, view: { status: 412, code: 'count_conflict', details } };
  }
  const all = tasksOf(state, project);
  const judging = { change, matched, all, number, sight };
  const reasons = new Map(matched.map((task) => [task, reasonFor(task, judging)]));
  const due = matched.filter(
    (task) => reasons.get(task) === undefined && changed(task, change, number) !== task,
  );
  const after = dry || due.length === 0 ? state : afterAll(state, project, due, change, number);
  if ('refused' in after) return { state, view: after.refused };
  const unknown = intent.target.ids?.filter((id) => !found.some(({ task }) => task === id)) ?? [];
  const skipped = [
    ...unknown.toSorted().map((task_id) => ({ task_id, reason: 'task_not_found' })),
    ...matched.flatMap((task) => {
      const reason = reasons.get(task);
      return reason === undefined ? [] : [{ task_id: task.task, reason }];
    }),
  ];
  const task_ids = due.map(({ task }) => task);
  const view = { matched: matched.length, changed: due.length, task_ids, skipped, has_more };
  return { state: after, view: { status: 200, ...view } };
}

function isMeant(task: ModelTask, { project, target }: BulkIntent): boolean {
  if (task.project !== project) return false;
  if (target.ids !== undefined) return target.ids.includes(task.task);
  const { status, holder, priority } = target;
  return (
    (status === undefined || task.status === status) &&
    (holder === undefined || task.claim?.agent === holder) &&
    (priority === undefined || task.priority <= priority)
  );
}

/** Where a move leads, and whether it may reset; undefined for what is no move. */
function moveOf(change: BulkChange) {
  switch (change.action) {
    case 'move':
      return { to: change.to, reset: change.reset, force: change.force, notes: change.notes };
    case 'reset':
      return { to: 'pending' as const, reset: true, force: change.force, notes: 'absent' as const };
    case 'cancel':
      return { to: 'cancelled' as const, reset: false, force: change.force, notes: change.notes };
    default:
      return undefined;
  }
}

const isResetTo = ({ status }: ModelTask, to: Status, reset: boolean) =>
  reset && EXITS[status].reset.includes(to);

/** What a task is judged by. */
interface Judging {
  readonly change: BulkChange;
  readonly matched: readonly ModelTask[];
  /** The tasks of the project. */
  readonly all: readonly ModelTask[];
  readonly number: number;
  readonly sight: Sight;
}

/** Why a task is left as it is; undefined where it is not. */
function reasonFor(task: ModelTask, judging: Judging): string | undefined {
  const { change, number } = judging;
  const move = moveOf(change);
  if (move !== undefined) return reasonForMove(task, move, judging);
  if (change.action === 'release') return task.claim === null ? 'claim_lost' : undefined;
  if (change.action !== 'edit') return undefined;
  const edited = changed(task, change, number);
  const isTooMuch = edited.maxAttempts < task.attempt || edited.labels.length > MOST_LABELS;
  return edited !== task && isTooMuch ? 'not_editable' : undefined;
}

function reasonForMove(
  task: ModelTask,
  { to, reset, force }: NonNullable<ReturnType<typeof moveOf>>,
  judging: Judging,
): string | undefined {
  if (task.claim?.live && !force) return 'claimed_by_other';
  if (!(isResetTo(task, to, reset) || EXITS[task.status].move.includes(to))) return 'invalid_transition';
  if (to === 'in_progress' && task.unmet > 0 && !force) return 'needs_unmet';
  return isBack(task) && hasRival(task, judging) ? 'artifact_has_producer' : undefined;
}

const MOST_LABELS = 20;

const isBack = ({ status }: ModelTask) => status === 'failed' || status === 'cancelled';

/** Another makes what a task would make again, or is older and would make it again as well. */
function hasRival(task: ModelTask, { matched, all, sight }: Judging): boolean {
  const older = matched.slice(0, matched.indexOf(task)).filter(isBack);
  return rivalsOf(task, all).some((other) => sight.isRival(other) || older.includes(other));
}

/** A task as the change makes it, but for what becomes of the graph; a deletion makes nothing of it. */
function changed(task: ModelTask, change: BulkChange, number: number): ModelTask {
  const move = moveOf(change);
  if (move !== undefined) {
    const { to, reset } = move;
    const notes = notesSent(move.notes, number);
    return movedTask(task, { becomes: to, isReset: isResetTo(task, to, reset), notes });
  }
  switch (change.action) {
    case 'release':
      return releasedTask(task, change.delayed);
    case 'edit': {
      const { priority, maxAttempts, labels: how } = change;
      const kept = how === 'set' ? [] : task.labels;
      const labels = how === undefined ? kept : [...kept, labelBy(number)];
      return editedTask(task, { priority, maxAttempts, labels });
    }
    default:
      return { ...task };
  }
}

function afterAll(
  state: State,
  project: string,
  due: readonly ModelTask[],
  change: BulkChange,
  number: number,
): State | Refusal {
  if (change.action === 'delete') {
    // What needs others mostly comes after them, and is not to be cancelled on the way.
    return due.toReversed().reduce((before, task) => remove(before, task, false).state, state);
  }
  const changes = due.map((before) => ({ before, after: changed(before, change, number) }));
  const all = changes.reduce((now, { before, after }) => replace(now, before, after), state);
  if (change.action === 'edit') return settled(all, project, []);
  return change.action === 'release' ? all : afterMoves(all, project, changes);
}
