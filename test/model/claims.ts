import { type Intent, notesSent, type Operation, type TaskKey, type View } from './intent.ts';
import {
  claimRefusal,
  first,
  isDue,
  type ModelClaim,
  type ModelTask,
  NOT_FOUND,
  type Result,
  replace,
  type State,
  sameTask,
  viewOfTask,
} from './task.ts';

/** A heartbeat or a release under a claim. */
export function underClaim(
  state: State,
  intent: Extract<Intent, { kind: 'heartbeat' | 'release' }>,
  { number, token }: Operation,
): Result {
  const target = state.find((task) => sameTask(task, intent));
  if (target === undefined) return { state, view: NOT_FOUND };
  const held = target.claim;
  if (held === null || held.token !== token) return { state, view: claimRefusal(target) };
  if (intent.kind === 'heartbeat') {
    const renewed = { ...target, claim: { ...held, live: true } };
    const view = { status: 200, task: viewOfTask(renewed), claim: viewOfClaim(renewed) };
    return { state: held.live ? state : replace(state, target, renewed), view };
  }
  const released: ModelTask = {
    ...target,
    status: 'pending',
    notes: notesSent(intent.notes, number) || target.notes,
    attempt: Math.max(0, target.attempt - 1),
    retry: intent.delayed ? 'ahead' : 'none',
    claim: null,
  };
  return {
    state: replace(state, target, released),
    view: { status: 200, released_task: viewOfTask(released) },
  };
}

function viewOfClaim({ attempt, claim: held }: ModelTask): View {
  return { agent: held?.agent, token: held?.token, attempt };
}

/** What a claim gives out. */
export function claim(
  state: State,
  { project, agent, capacity = 1 }: Extract<Intent, { kind: 'claim' }>,
  number: number,
  seen: View | undefined,
): Result {
  const ofProject = (task: ModelTask) => task.project === project;
  const isSpent = (task: ModelTask) =>
    ofProject(task) && isAbandoned(task) && task.attempt >= task.maxAttempts;
  const left = state.some(isSpent) ? state.map((task) => (isSpent(task) ? abandoned(task) : task)) : state;
  const told = (seen?.['claim'] as { readonly token: number } | null | undefined)?.token;
  const own = left.filter((task) => ofProject(task) && task.claim?.agent === agent && task.claim.live);
  if (own.length >= capacity) return continued(left, own, told, seen);
  const picked = first(left.filter((task) => ofProject(task) && (isDue(task) || isAbandoned(task))));
  if (picked === undefined) {
    const waits = left.some((task) => ofProject(task) && task.status === 'pending');
    const reason = waits ? 'none_due' : 'none_pending';
    return { state: left, view: { status: 200, task: null, reason, claim: null } };
  }
  const token = told !== undefined && told > picked.lastToken ? told : `of claim ${number}`;
  const taken: ModelTask = {
    ...picked,
    status: 'in_progress',
    attempt: picked.attempt + 1,
    retry: 'none',
    error: picked.claim === null ? picked.error : leaseExpired(picked.claim),
    claim: { agent, token, live: true },
    lastToken: typeof token === 'number' ? token : picked.lastToken,
  };
  return answerOf(replace(left, picked, taken), taken, 'claimed');
}

function answerOf(state: State, task: ModelTask, reason: string): Result {
  return { state, view: { status: 200, task: viewOfTask(task), reason, claim: viewOfClaim(task) } };
}

/** The agent's oldest claim, which has the smallest token; of claims whose token nobody knows, whichever was shown. */
function continued(
  state: State,
  own: readonly ModelTask[],
  told: number | undefined,
  seen: View | undefined,
): Result {
  const known = own.filter(({ claim: held }) => typeof held?.token === 'number');
  const oldest = known.toSorted((one, other) => one.lastToken - other.lastToken)[0];
  const shown = seen?.['task'] as TaskKey | null | undefined;
  const current =
    own.find((task) => !known.includes(task) && shown && sameTask(task, shown)) ?? oldest ?? own[0];
  if (current?.claim === undefined || current.claim === null) throw new Error('A claim of its own is held');
  if (known.includes(current) || told === undefined || told <= current.lastToken)
    return answerOf(state, current, 'continue_current');
  const bound = { ...current, claim: { ...current.claim, token: told }, lastToken: told };
  return answerOf(replace(state, current, bound), bound, 'continue_current');
}

function isAbandoned(task: ModelTask): boolean {
  return task.claim !== null && !task.claim.live;
}

function leaseExpired({ agent }: ModelClaim): string {
  return `The lease of ${agent} expired`;
}

function abandoned(task: ModelTask): ModelTask {
  return { ...task, status: 'failed', error: task.claim && leaseExpired(task.claim), claim: null };
}

/** A task ages after which nothing is left to wait for. */
export function afterAges(task: ModelTask): ModelTask {
  return {
    ...task,
    early: false,
    retry: task.retry === 'ahead' ? 'past' : task.retry,
    claim: task.claim && { ...task.claim, live: false },
  };
}
