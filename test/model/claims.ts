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
  const notes = notesSent(intent.notes, number) || target.notes;
  const released: ModelTask = { ...releasedTask(target, intent.delayed), notes };
  return {
    state: replace(state, target, released),
    view: { status: 200, released_task: viewOfTask(released) },
  };
}

/** A claimed task after its claim has ended as no failure. */
export function releasedTask(task: ModelTask, isDelayed: boolean): ModelTask {
  return {
    ...task,
    status: 'pending',
    attempt: Math.max(0, task.attempt - 1),
    retry: isDelayed ? 'ahead' : 'none',
    pause: isDelayed ? LONG_PAUSE : 0,
    progress: null,
    claim: null,
    stale: false,
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
  intent: ClaimIntent,
  number: number,
  seen: View | undefined,
  passed: readonly ModelTask[],
  isContested: Contested,
): readonly Result[] {
  const { project, agent, capacity = 1, count = 1, lease = USUAL_LEASE } = intent;
  const inForm = ({ state, view }: Result): Result =>
    intent.count === undefined || 'claims' in view
      ? { state, view }
      : { state, view: { ...view, claims: [] } };
  const ofProject = tasksOf(left, project);
  const told = toldIn(seen);
  const holds = { agent, number, lease, told, isList: intent.count !== undefined };
  const own = ofProject.filter((task) => task.claim?.agent === agent && task.claim.live);
  if (own.length >= capacity) return [continued(left, own, count, holds)];
  const { pause } = projectOf(left, project);
  if (pause !== 'none') return [inForm(paused(left, pause))];
  const eligible = ofProject.filter(
    (task) => !passed.includes(task) && (isDue(task) || (isAbandoned(task) && task.unmet === 0)),
  );
  if (eligible.length === 0) return [inForm(nothing(left, ofProject))];
  const wanted = Math.min(count, capacity - own.length);
  return within(byUrgency(eligible), wanted, isContested).map((picked) =>
    picked.length === 0 ? inForm(passedOver(left)) : taken(left, picked, holds),
  );
}

/** A claim that an answer tells: whose, and by which token. */
interface Told extends TaskKey {
  readonly token: number;
}

/** Those in their order. */
function toldIn(seen: View | undefined): readonly Told[] {
  // What viewOf makes of the answer to a claim.
  const { claims, task, claim } = (seen ?? {}) as Partial<Record<'task' | 'claim', View | null>> & {
    readonly claims?: readonly { readonly task: View; readonly claim: View }[];
  };
  const given = claims ?? (task && claim ? [{ task, claim }] : []);
  return given.map((one) => ({
    project: String(one.task['project']),
    task: String(one.task['task']),
    token: Number(one.claim['token']),
  }));
}

/** The first tasks, as many as are wanted, with each choice of contested ones passed over; first with none. */
function within(
  tasks: readonly ModelTask[],
  wanted: number,
  isContested: Contested,
): readonly (readonly ModelTask[])[] {
  const [first, ...rest] = tasks;
  if (first === undefined || wanted === 0) return [[]];
  const taking = within(rest, wanted - 1, isContested).map((others) => [first, ...others]);
  return isContested(first) ? [...taking, ...within(rest, wanted, isContested)] : taking;
}

/** All of them, the empty one first. */
export function subsetsOf(tasks: readonly ModelTask[]): readonly (readonly ModelTask[])[] {
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

/** What a claim is about. */
interface Holds {
  readonly agent: string;
  readonly number: number;
  readonly lease: number;
  readonly told: readonly Told[];
  /** Whether its answer lists claims. */
  readonly isList: boolean;
}

const tokenTold = ({ told }: Holds, task: ModelTask) => told.find((one) => sameTask(one, task))?.token;

function taken(state: State, picked: readonly ModelTask[], holds: Holds): Result {
  const { agent, number, lease } = holds;
  let last = 0;
  const tasks = picked.map((task): ModelTask => {
    const told = tokenTold(holds, task);
    const isGreater = told !== undefined && told > task.lastToken && told > last;
    const token = isGreater ? told : `of claim ${number}`;
    last = isGreater ? told : last;
    const { claim } = task;
    return {
      ...task,
      status: 'in_progress',
      attempt: claim === null ? task.attempt + 1 : task.attempt,
      expiries: claim === null ? task.expiries : task.expiries + 1,
      progress: null,
      retry: 'none',
      putOff: false,
      stale: false,
      error: claim === null ? task.error : leaseExpired(claim),
      claim: { agent, token, live: true, lease },
      lastClaim: token,
      movedBy: null,
      lastToken: typeof token === 'number' ? token : task.lastToken,
    };
  });
  return answerOf(replaceAll(state, picked, tasks), tasks, 'claimed', holds);
}

function replaceAll(state: State, tasks: readonly ModelTask[], by: readonly ModelTask[]): State {
  const after = new Map(tasks.map((task, at) => [task, by[at] ?? task]));
  return { ...state, tasks: state.tasks.map((task) => after.get(task) ?? task) };
}

function answerOf(state: State, tasks: readonly ModelTask[], reason: string, { isList }: Holds): Result {
  const claims = tasks.map((task) => ({
    task: viewOfTask(task),
    claim: viewOfClaim(task),
    ...(task.checkpoint === null ? {} : { checkpoint: task.checkpoint }),
  }));
  return { state, view: { status: 200, reason, ...claims[0], ...(isList ? { claims } : {}) } };
}

/** The agent's oldest claims, which have the smallest tokens; of those whose token nobody knows, as they were shown. */
function continued(state: State, own: readonly ModelTask[], count: number, holds: Holds): Result {
  const tokenOf = (task: ModelTask) =>
    typeof task.claim?.token === 'number'
      ? task.claim.token
      : (tokenTold(holds, task) ?? Number.MAX_SAFE_INTEGER);
  const current = own.toSorted((one, other) => tokenOf(one) - tokenOf(other)).slice(0, count);
  const renewed = current.map((task) => renewedTask(task, holds));
  const isSame = renewed.every((task, at) => task === current[at]);
  const after = isSame ? state : replaceAll(state, current, renewed);
  return answerOf(after, renewed, 'continue_current', holds);
}

function renewedTask(task: ModelTask, holds: Holds): ModelTask {
  const { claim, lastToken } = task;
  if (claim === null) throw new Error('A claim of its own is held');
  const told = tokenTold(holds, task);
  const isUntold = typeof claim.token === 'number' || told === undefined || told <= lastToken;
  if (isUntold && claim.lease === holds.lease) return task;
  const token = isUntold ? claim.token : told;
  return {
    ...task,
    claim: { ...claim, token, lease: holds.lease },
    lastToken: isUntold ? lastToken : told,
    lastClaim: token,
  };
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
