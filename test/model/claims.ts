import { settledAfter } from './graph.ts';
import {
  type ClaimIntent,
  type HoldersIntent,
  notesSent,
  type Operation,
  type TaskKey,
  type View,
} from './intent.ts';
import { projectOf, type Result, replace, type State, tasksOf } from './state.ts';
import {
  byUrgency,
  claimRefusal,
  isDue,
  type ModelClaim,
  type ModelTask,
  NOT_FOUND,
  percentBy,
  sameTask,
  viewOfTask,
} from './task.ts';
import { boundOf, LONG_PAUSE, nothingIn, USUAL_LEASE } from './waits.ts';

/** A heartbeat or a release under a claim. */
export function underClaim(state: State, intent: HoldersIntent, { number, token }: Operation): Result {
  const target = state.tasks.find((task) => sameTask(task, intent));
  if (target === undefined) return { state, view: NOT_FOUND };
  const held = target.claim;
  if (held === null || held.token !== token) {
    const isStopped =
      intent.kind === 'heartbeat' &&
      held === null &&
      target.status === 'cancelled' &&
      target.lastClaim === token;
    if (!isStopped) return { state, view: claimRefusal(target) };
    const view = { task: viewOfTask(target), claim: null, continue: false, reason: 'cancelled' };
    return { state, view: { status: 200, ...view } };
  }
  if (intent.kind === 'heartbeat') return heartbeat(state, target, held, intent, number);
  const released: ModelTask = {
    ...target,
    status: 'pending',
    notes: notesSent(intent.notes, number) || target.notes,
    attempt: Math.max(0, target.attempt - 1),
    retry: intent.delayed ? 'ahead' : 'none',
    pause: intent.delayed ? LONG_PAUSE : 0,
    progress: null,
    claim: null,
    stale: false,
  };
  return {
    state: replace(state, target, released),
    view: { status: 200, released_task: viewOfTask(released) },
  };
}

function heartbeat(
  state: State,
  target: ModelTask,
  held: ModelClaim,
  intent: Extract<HoldersIntent, { kind: 'heartbeat' }>,
  number: number,
): Result {
  const renewed: ModelTask = {
    ...target,
    claim: { ...held, live: true },
    ...(intent.progress ? { progress: percentBy(number) } : {}),
    ...(intent.checkpoint ? { checkpoint: number } : {}),
  };
  const view = { status: 200, task: viewOfTask(renewed), claim: viewOfClaim(renewed), continue: true };
  const isSame =
    held.live && renewed.progress === target.progress && renewed.checkpoint === target.checkpoint;
  return { state: isSame ? state : replace(state, target, renewed), view };
}

function viewOfClaim({ attempt, claim: held }: ModelTask): View {
  return { agent: held?.agent, token: held?.token, attempt };
}

/** Whether somebody else may have had the task locked while a claim looked for one. */
export type Contested = (task: ModelTask) => boolean;

export const NONE_CONTESTED: Contested = () => false;

/**
 * What a claim may come to, first what it comes to where nobody is in its way. A claim waits for nobody: it may pass
 * over the tasks that are contested, when it picks one and when it gives up on those whose last attempt ran out.
 */
export function claims(
  state: State,
  intent: ClaimIntent,
  number: number,
  seen: View | undefined,
  isContested: Contested,
): readonly Result[] {
  const spent = spentIn(state, intent.project);
  return subsetsOf(spent.filter(isContested)).flatMap((passed) => {
    const given = spent.filter((task) => !passed.includes(task));
    const outcomes = claimsBehind(givenUp(state, given), intent, number, seen, passed, isContested);
    // The claim itself looks at the project as it was before anybody knew that those have failed.
    return outcomes.map(({ state: after, view }) => ({
      state: settledBy(after, intent.project, given),
      view,
    }));
  });
}

/** What a look may come to that gives nothing out: it gives up on tasks whose last attempt ran out. */
export function earlierLook(state: State, project: string): readonly Result[] {
  const view = { status: 200 };
  return subsetsOf(spentIn(state, project)).map((given) => ({
    state: settledBy(givenUp(state, given), project, given),
    view,
  }));
}

function settledBy(state: State, project: string, given: readonly ModelTask[]): State {
  return given.length === 0 ? state : settledAfter(state, project, ...given.map(({ task }) => task));
}

function spentIn(state: State, project: string): readonly ModelTask[] {
  return tasksOf(state, project).filter((task) => isAbandoned(task) && task.expiries + 1 >= task.maxAttempts);
}

function givenUp(state: State, tasks: readonly ModelTask[]): State {
  if (tasks.length === 0) return state;
  return { ...state, tasks: state.tasks.map((task) => (tasks.includes(task) ? abandoned(task) : task)) };
}

function claimsBehind(
  left: State,
  { project, agent, capacity = 1, lease = USUAL_LEASE }: ClaimIntent,
  number: number,
  seen: View | undefined,
  passed: readonly ModelTask[],
  isContested: Contested,
): readonly Result[] {
  const ofProject = tasksOf(left, project);
  const told = (seen?.['claim'] as { readonly token: number } | null | undefined)?.token;
  const own = ofProject.filter((task) => task.claim?.agent === agent && task.claim.live);
  if (own.length >= capacity) return [continued(left, own, lease, told, seen)];
  const { pause } = projectOf(left, project);
  if (pause !== 'none') return [paused(left, pause)];
  const eligible = ofProject.filter(
    (task) => !passed.includes(task) && (isDue(task) || (isAbandoned(task) && task.unmet === 0)),
  );
  if (eligible.length === 0) return [nothing(left, ofProject)];
  return within(byUrgency(eligible), isContested).map((picked) =>
    picked === undefined ? passedOver(left) : taken(left, picked, { agent, number, lease, told }),
  );
}

/** Each task that only contested ones come before, and undefined where all of them are. */
function within(tasks: readonly ModelTask[], isContested: Contested): readonly (ModelTask | undefined)[] {
  const reach = tasks.findIndex((task) => !isContested(task));
  return reach === -1 ? [...tasks, undefined] : tasks.slice(0, reach + 1);
}

/** All of them, the empty one first. */
function subsetsOf(tasks: readonly ModelTask[]): readonly (readonly ModelTask[])[] {
  const [task, ...others] = tasks;
  if (task === undefined) return [[]];
  const subsets = subsetsOf(others);
  return [...subsets, ...subsets.map((subset) => [task, ...subset])];
}

function nothing(state: State, ofProject: readonly ModelTask[]): Result {
  return { state, view: { status: 200, task: null, claim: null, ...nothingIn(ofProject) } };
}

/** A pause that ends by itself tells when. */
function paused(state: State, pause: 'day' | 'open'): Result {
  const view = { status: 200, task: null, claim: null, reason: 'paused', paused: pause };
  return { state, view: pause === 'day' ? { ...view, wait: boundOf(USUAL_LEASE) } : view };
}

function passedOver(state: State): Result {
  return { state, view: { status: 200, task: null, reason: 'none_due', claim: null, passed: true } };
}

function taken(
  state: State,
  picked: ModelTask,
  { agent, number, lease, told }: { agent: string; number: number; lease: number; told: number | undefined },
): Result {
  const token = told !== undefined && told > picked.lastToken ? told : `of claim ${number}`;
  const task: ModelTask = {
    ...picked,
    status: 'in_progress',
    attempt: picked.claim === null ? picked.attempt + 1 : picked.attempt,
    expiries: picked.claim === null ? picked.expiries : picked.expiries + 1,
    progress: null,
    retry: 'none',
    putOff: false,
    stale: false,
    error: picked.claim === null ? picked.error : leaseExpired(picked.claim),
    claim: { agent, token, live: true, lease },
    lastClaim: token,
    movedBy: null,
    lastToken: typeof token === 'number' ? token : picked.lastToken,
  };
  return answerOf(replace(state, picked, task), task, 'claimed');
}

function answerOf(state: State, task: ModelTask, reason: string): Result {
  const { checkpoint } = task;
  const view = { status: 200, task: viewOfTask(task), reason, claim: viewOfClaim(task) };
  return { state, view: checkpoint === null ? view : { ...view, checkpoint } };
}

/** The agent's oldest claim, which has the smallest token; of claims whose token nobody knows, whichever was shown. */
function continued(
  state: State,
  own: readonly ModelTask[],
  lease: number,
  told: number | undefined,
  seen: View | undefined,
): Result {
  const known = own.filter(({ claim: held }) => typeof held?.token === 'number');
  const oldest = known.toSorted((one, other) => one.lastToken - other.lastToken)[0];
  const shown = seen?.['task'] as TaskKey | null | undefined;
  const current =
    own.find((task) => !known.includes(task) && shown && sameTask(task, shown)) ?? oldest ?? own[0];
  if (current?.claim === undefined || current.claim === null) throw new Error('A claim of its own is held');
  const isUntold = known.includes(current) || told === undefined || told <= current.lastToken;
  if (isUntold && current.claim.lease === lease) return answerOf(state, current, 'continue_current');
  const token = isUntold ? current.claim.token : told;
  const lastToken = isUntold ? current.lastToken : told;
  const renewed = { ...current, claim: { ...current.claim, token, lease }, lastToken, lastClaim: token };
  return answerOf(replace(state, current, renewed), renewed, 'continue_current');
}

function isAbandoned(task: ModelTask): boolean {
  return task.claim !== null && !task.claim.live;
}

function leaseExpired({ agent }: ModelClaim): string {
  return `The lease of ${agent} expired`;
}

function abandoned(task: ModelTask): ModelTask {
  const error = task.claim && leaseExpired(task.claim);
  return { ...task, status: 'failed', error, claim: null, expiries: task.expiries + 1, progress: null };
}

/** Time passes after which nothing is left to wait for. */
export function afterAges(state: State): State {
  const projects = Object.entries(state.projects).map(([name, project]) => {
    const pause = project.pause === 'day' ? 'none' : project.pause;
    return [name, { ...project, pause }] as const;
  });
  return { ...state, tasks: state.tasks.map(aged), projects: Object.fromEntries(projects) };
}

function aged(task: ModelTask): ModelTask {
  return {
    ...task,
    early: false,
    putOff: task.putOff || (task.status === 'pending' && task.unmet === 0 && !isDue(task)),
    retry: task.retry === 'ahead' ? 'past' : task.retry,
    claim: task.claim && { ...task.claim, live: false },
  };
}
