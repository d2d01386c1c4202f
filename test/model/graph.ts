import type { NeedTerms, Status } from './intent.ts';
import { projectOf, type Refusal, refuse, type State, tasksOf, withTasks } from './state.ts';
import { isLive, type ModelTask, type Need } from './task.ts';

/** Whether a task stands for the artifacts that it makes: a second one is refused. */
export function isMaker({ status }: ModelTask): boolean {
  return status !== 'failed' && status !== 'cancelled';
}

export function needOn({ need, when, group, onFailure }: NeedTerms): Need {
  const name = group === undefined ? `task:${need}` : `group:${group}`;
  return { kind: 'task', need, when, group: name, onFailure, parent: need, state: 'waiting' };
}

export function needForArtifact(name: string): Need {
  const terms = { when: 'completed', onFailure: 'block', state: 'waiting' } as const;
  return { kind: 'artifact', need: name, group: `artifact:${name}`, parent: null, ...terms };
}

function judged(need: Need, status: Status | undefined, isProvided: boolean): Need['state'] {
  if (isProvided) return 'met';
  if (status === undefined || isLive(status)) return 'waiting';
  const isAsAsked = need.when === 'ended' || need.when === status;
  return isAsAsked || need.onFailure === 'ignore' ? 'met' : 'failed';
}

const groupsOf = (needs: readonly Need[]) => [...Map.groupBy(needs, ({ group }) => group).values()];

const isMet = (group: readonly Need[]) => group.some(({ state }) => state === 'met');
const isStuck = (group: readonly Need[]) => group.every(({ state }) => state === 'failed');

/** A task with the counts that its needs come to. */
export function counted(task: ModelTask): ModelTask {
  const groups = groupsOf(task.needs);
  const unmet = groups.filter((group) => !isMet(group)).length;
  return { ...task, unmet, stuck: groups.filter(isStuck).length };
}

/** Judges all needs in a project anew; where what a task had is withdrawn while somebody works on it, it is stale. */
function recounted(state: State, project: string): State {
  const tasks = tasksOf(state, project);
  const { provided } = projectOf(state, project);
  const settled = (need: Need): Need => {
    const parent = tasks.find(({ task }) => task === need.parent);
    const isProvided = need.kind === 'artifact' && provided.includes(need.need);
    if (need.kind === 'artifact' || parent !== undefined)
      return { ...need, state: judged(need, parent?.status, isProvided) };
    // Nobody ends what is gone: what was not decided counts as cancelled.
    return need.state === 'waiting' ? { ...need, state: judged(need, 'cancelled', false) } : need;
  };
  return withTasks(state, project, (task) => {
    const after = counted({ ...task, needs: task.needs.map(settled) });
    const stale = task.stale || (task.status === 'in_progress' && after.unmet > task.unmet);
    return { ...after, stale };
  });
}

/** The groups by which a task asks to be cancelled, given those that will be. */
function fatalGroups({ needs }: ModelTask, doomed: readonly string[]): readonly (readonly Need[])[] {
  return groupsOf(needs).filter((group) => {
    const open = group.filter(({ state }) => state !== 'failed');
    const [last, another] = open;
    if (last === undefined) return group.some(({ onFailure }) => onFailure === 'cancel');
    const isLast = another === undefined && last.state === 'waiting' && last.when !== 'ended';
    return isLast && last.onFailure === 'cancel' && last.parent !== null && doomed.includes(last.parent);
  });
}

/** Of these tasks those that ask to be cancelled, and all that wait for them alone and ask for it, too. */
function doomedAmong(tasks: readonly ModelTask[], touched: readonly string[]): readonly string[] {
  let doomed: readonly string[] = [];
  for (;;) {
    const more = tasks.filter(
      (task) =>
        task.status === 'pending' &&
        !doomed.includes(task.task) &&
        fatalGroups(task, doomed).some((group) => touched.includes(task.task) || !isStuck(group)),
    );
    if (more.length === 0) return doomed;
    doomed = [...doomed, ...more.map(({ task }) => task)];
  }
}

/** Why a task was cancelled: the first need that asks for it, of the groups that can no longer be met. */
function reasonFor(task: ModelTask, doomed: readonly string[], tasks: readonly ModelTask[]): string {
  const isLost = ({ state, when, parent }: Need) =>
    state === 'failed' ||
    (state === 'waiting' && when !== 'ended' && parent !== null && doomed.includes(parent));
  const [cause] = groupsOf(task.needs)
    .filter((group) => group.every(isLost))
    .flat()
    .filter(({ onFailure }) => onFailure === 'cancel')
    .toSorted((one, other) => (one.state + one.need < other.state + other.need ? -1 : 1));
  const status = tasks.find((each) => each.task === cause?.parent)?.status ?? 'deleted';
  return `Cancelled because it needs ${cause?.need}, which was ${cause?.state === 'waiting' ? 'cancelled' : status}`;
}

const childrenOf = (tasks: readonly ModelTask[], parents: readonly string[]) =>
  tasks
    .filter(({ needs }) => needs.some(({ parent }) => parent !== null && parents.includes(parent)))
    .map(({ task }) => task);

/** What becomes of the needs, the tasks that ask to be cancelled, and the priorities, after these tasks' needs changed. */
export function settled(state: State, project: string, touched: readonly string[]): State {
  let now = recounted(state, project);
  for (let ids = touched; ids.length > 0; ) {
    const tasks = tasksOf(now, project);
    const doomed = doomedAmong(tasks, ids);
    const ended = { status: 'cancelled', retry: 'none', pause: 0, putOff: false } as const;
    now = withTasks(now, project, (task) =>
      doomed.includes(task.task) ? { ...task, ...ended, error: reasonFor(task, doomed, tasks) } : task,
    );
    now = recounted(now, project);
    ids = doomed.length === 0 ? [] : childrenOf(tasks, doomed);
  }
  return prioritized(now, project);
}

/** What becomes of a project after one of its tasks has ended, is to be done again or is gone. */
export function settledAfter(state: State, project: string, ...parents: readonly string[]): State {
  return settled(state, project, childrenOf(tasksOf(state, project), parents));
}

/** A task is as urgent as the most urgent one that waits for it. */
function prioritized(state: State, project: string): State {
  const tasks = tasksOf(state, project);
  const live = tasks.filter(({ status }) => isLive(status));
  const urgency = new Map(tasks.map(({ task, priority }) => [task, priority]));
  const waits = live.flatMap(({ task, needs }) =>
    groupsOf(needs)
      .filter((group) => !isMet(group))
      .flat()
      .filter(({ state: is }) => is === 'waiting')
      .flatMap(({ parent }) => (live.some((each) => each.task === parent) ? [{ task, parent }] : [])),
  );
  for (const _ of live) {
    for (const { task, parent } of waits) {
      const [of, by] = [parent ?? '', urgency.get(task) ?? 0];
      urgency.set(of, Math.min(urgency.get(of) ?? by, by));
    }
  }
  return withTasks(state, project, (task) => ({
    ...task,
    effective: urgency.get(task.task) ?? task.priority,
  }));
}

/** Whether one of these tasks would wait for itself. */
export function hasCycle(tasks: readonly ModelTask[], starts: readonly string[]): boolean {
  const parentsOf = (id: string) =>
    tasks
      .filter(({ task }) => task === id)
      .flatMap(({ needs }) => needs.flatMap(({ parent }) => (parent === null ? [] : [parent])));
  return starts.some((start) => {
    const reached = new Set(parentsOf(start));
    // A set goes on to what is added to it meanwhile.
    for (const id of reached) for (const parent of parentsOf(id)) reached.add(parent);
    return reached.has(start);
  });
}

/** A need that was just given to a task. */
interface Fresh {
  readonly task: string;
  readonly need: Need;
}

/** Connects new needs, which count as waiting until then. */
export function connectNeeds(state: State, project: string, fresh: readonly Fresh[]): State | Refusal {
  if (fresh.length === 0) return state;
  const tasks = tasksOf(state, project);
  const makerOf = (name: string) =>
    tasks
      .filter(({ makes }) => makes.includes(name))
      .map((task) => ({ task: task.task, rank: isMaker(task) ? 0 : 1 }))
      .toSorted((one, other) => one.rank - other.rank || (one.task < other.task ? -1 : 1))[0]?.task ?? null;
  const isFresh = (task: string, { kind, need }: Need) =>
    fresh.some((one) => one.task === task && one.need.kind === kind && one.need.need === need);
  const connected = withTasks(state, project, (task) => ({
    ...task,
    needs: task.needs.map((need) =>
      need.kind === 'artifact' && isFresh(task.task, need) ? { ...need, parent: makerOf(need.need) } : need,
    ),
  }));
  const wanted = fresh.filter(({ need }) => need.kind === 'task').map(({ need }) => need.need);
  const missing = new Set(wanted.filter((id) => !tasks.some(({ task }) => task === id)));
  if (missing.size > 0) return refuse(404, 'need_not_found', { task_ids: [...missing].toSorted() });
  const children = fresh.map(({ task }) => task);
  if (hasCycle(tasksOf(connected, project), children)) return refuse(409, 'need_cycle');
  return settled(connected, project, children);
}

/** Connects tasks that make artifacts with those that wait for them. */
export function connectMakers(state: State, project: string, makers: readonly string[]): State | Refusal {
  const tasks = tasksOf(state, project);
  const fresh = tasks.filter((task) => makers.includes(task.task) && isMaker(task));
  const hasRival = fresh.some((task) => standingRivalsOf(task, tasks).length > 0);
  if (hasRival) return refuse(409, 'artifact_has_producer');
  return fresh.reduce<State | Refusal>(
    (before, maker) => ('refused' in before ? before : takenOver(before, project, maker)),
    state,
  );
}

/** Other tasks that make what this one makes. */
export function rivalsOf({ task, makes }: ModelTask, tasks: readonly ModelTask[]): readonly ModelTask[] {
  return tasks.filter((other) => other.task !== task && other.makes.some((name) => makes.includes(name)));
}

/** Those of them that stand for it. */
function standingRivalsOf(task: ModelTask, tasks: readonly ModelTask[]): readonly ModelTask[] {
  return rivalsOf(task, tasks).filter(isMaker);
}

/** All that wait for what a task makes wait for it. */
function takenOver(state: State, project: string, { task: maker, makes }: ModelTask): State | Refusal {
  const isTaken = ({ kind, need }: Need) => kind === 'artifact' && makes.includes(need);
  const children = tasksOf(state, project).filter(({ needs }) => needs.some(isTaken));
  if (children.length === 0) return state;
  const connected = withTasks(state, project, (task) => ({
    ...task,
    needs: task.needs.map((need) => (isTaken(need) ? { ...need, parent: maker } : need)),
  }));
  const ids = children.map(({ task }) => task);
  if (hasCycle(tasksOf(connected, project), ids)) return refuse(409, 'need_cycle');
  return settled(connected, project, ids);
}

/** A task that had failed or was cancelled makes its artifacts again. */
export function makesAgain(state: State, project: string, maker: ModelTask): State | Refusal {
  if (standingRivalsOf(maker, tasksOf(state, project)).length > 0)
    return refuse(409, 'artifact_has_producer');
  return takenOver(state, project, maker);
}
