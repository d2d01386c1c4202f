import { expect } from 'vitest';
import type { Task as TaskRepresentation } from '../../src/contract/task.ts';
import type { Answer, AnswerBody, Api } from '../support/api.ts';
import { generationOf, tokenOf } from '../support/claim-token.ts';
import type { TestClock } from '../support/clock.ts';
import {
  COPY,
  type CreatedTask,
  type EditIntent,
  type Intent,
  type NewModelTask,
  notesSent,
  type Operation,
  type SettingsIntent,
  type TaskKey,
  type TokenChoice,
  UNNAMED,
  type View,
} from './intent.ts';
import { INVALID_REQUESTS } from './invalid-requests.ts';
import { bulkBody, sendTransfer } from './sent-many.ts';
import { descriptionBy, errorBy, labelBy, madeBy, noteBy, percentBy, sameTask } from './task.ts';
import { viewOf } from './view.ts';
import { LONG_PAUSE, PAUSE_REASON } from './waits.ts';

/** The ids and numbers of one run, so that nothing of another, were it late, can be taken for its own. */
export interface Scope {
  projectId(project: string): string;
  taskId(task: string): string;
  /** Turns the run's ids back into local ones, in all texts; those of others stay as they are. */
  localize<T>(value: T): T;
  nextNumber(): number;
  /** The tokens that clients of the run were given for a task, in the order in which they grow. */
  tokensOf(task: TaskKey): readonly string[];
  giveToken(task: TaskKey, token: string): void;
}

let scopes = 0;

/** Opens a scope that no other shares. */
export function newScope(): Scope {
  scopes += 1;
  const project = `m${scopes}.`;
  const task = `M${scopes}T`;
  let numbers = 0;
  const tokens = new Map<string, string[]>();
  const given = ({ project: of, task: id }: TaskKey) => tokens.get(`${of}/${id}`) ?? [];
  return {
    projectId: (local) => project + local,
    // One of the form that the service gives is that of its project.
    taskId: (local) => (local.startsWith('-') ? task + local : local),
    // The type is that of the value: only texts in it change.
    localize: <T>(value: T) =>
      JSON.parse(JSON.stringify(value).replaceAll(project, '').replaceAll(task, '')) as T,
    nextNumber: () => {
      numbers += 1;
      return numbers;
    },
    tokensOf: given,
    giveToken: (key, token) => {
      const all = [...new Set([...given(key), token])].sort(
        (one, other) => generationOf(one) - generationOf(other),
      );
      tokens.set(`${key.project}/${key.task}`, all);
    },
  };
}

/** An operation and what came of it. */
export interface Exchange {
  readonly operation: Operation;
  readonly view: View;
}

interface Cursor {
  readonly token: string;
  readonly after: CreatedTask;
  /** The list that it is a place in: no other takes it. */
  readonly list: string;
}

const listOf = ({ project, status }: Extract<Intent, { kind: 'list' }>) => `${project} ${status}`;

/** Where a client's requests go, and what it has in common with the others of its run. */
export interface Run {
  readonly api: Api;
  readonly scope: Scope;
  readonly clock: TestClock;
}

/** A client of the API: sends what is meant, remembers the cursor of its last page. */
export function newClient(run: Run): (intent: Intent) => Promise<Exchange> {
  const { scope } = run;
  let cursor: Cursor | undefined;
  return async (intent) => {
    const from = intent.kind === 'list' && intent.follow ? cursor : undefined;
    const number = scope.nextNumber();
    const token = tokenFor(scope, intent);
    const sending = { intent, number, token, cursor: from?.token, now: run.clock.now() };
    const { status, body } = await answerTo(intent, sendOnceOrAgain(run, sending));
    const local = scope.localize(body);
    noteTokens(scope, local);
    const last = local.tasks?.at(-1);
    // The model knows the place behind a task only while the task is there.
    if (cursor !== undefined && mayDelete(intent, cursor.after)) cursor = undefined;
    if (intent.kind === 'list' && typeof body.next_cursor === 'string' && last !== undefined) {
      cursor = { token: body.next_cursor, after: createdTask(last), list: listOf(intent) };
    }
    const operation: Operation = {
      intent,
      number,
      ...(intent.kind === 'list' && from !== undefined
        ? { after: from.after, isOfAnotherList: from.list !== listOf(intent) }
        : {}),
      ...(token === undefined ? {} : { token: idOf(token, intent) }),
    };
    return { operation, view: viewOf(intent, status, local) };
  };
}

function mayDelete(intent: Intent, task: CreatedTask): boolean {
  if (intent.kind === 'delete') return sameTask(task, intent);
  return intent.kind === 'bulk' && intent.change.action === 'delete' && task.project === intent.project;
}

/** Several times what the service gives itself, in milliseconds. */
const ANSWER_PATIENCE = 60_000;

/** The answer; rejects with the name of a request that gets none. */
async function answerTo(intent: Intent, answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`No answer within a minute to ${JSON.stringify(intent)}`));
    timer = setTimeout(late, ANSWER_PATIENCE);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function createdTask({ project_id, task_id, description }: TaskRepresentation): CreatedTask {
  return { project: project_id, task: task_id, description };
}

function noteTokens(scope: Scope, { task, claim, claims = [] }: AnswerBody): void {
  for (const given of [...claims, { task, claim }]) {
    if (!given.task || !given.claim) continue;
    scope.giveToken({ project: given.task.project_id, task: given.task.task_id }, given.claim.token);
  }
}

/** A token that nobody was ever given. */
const MADE_UP = tokenOf(Number.MAX_SAFE_INTEGER);

function tokenFor(scope: Scope, intent: Intent): string | undefined {
  if (!('token' in intent)) return undefined;
  const project = intent.project ?? 'a';
  return chosen(scope.tokensOf({ project, task: intent.task }), intent.token);
}

function chosen(tokens: readonly string[], choice: TokenChoice): string | undefined {
  const newest = tokens.at(-1) ?? MADE_UP;
  switch (choice) {
    case 'none':
      return undefined;
    case 'newest':
      return newest;
    case 'older':
      return tokens.at(-2) ?? MADE_UP;
    case 'guessed':
      return tokenOf(generationOf(newest));
  }
}

/** What the model knows a token by: the number, unless nobody was given that token. */
function idOf(token: string, intent: Intent): number {
  const isGuessed = 'token' in intent && intent.token === 'guessed';
  return isGuessed ? NOBODYS : generationOf(token);
}

const NOBODYS = -1;

/** A request as it is about to be sent. */
interface Sending {
  readonly intent: Intent;
  readonly number: number;
  readonly token: string | undefined;
  readonly cursor: string | undefined;
  /** The time at the database, in milliseconds since the epoch. */
  readonly now: number;
}

/** Where the intent says so, the same request twice under one key: both answers, if they tell, are to be the same. */
async function sendOnceOrAgain(run: Run, sending: Sending): Promise<Answer> {
  const { intent, number } = sending;
  if (!('again' in intent && intent.again)) return send(run, sending, {});
  const headers = { 'idempotency-key': `${run.scope.projectId('')}${number}` };
  const first = await send(run, sending, headers);
  const second = await send(run, sending, headers);
  if (first.status >= 500) {
    // What may have been done once is not undone by an answer that never came.
    return second.status >= 500 && first.body.code === 'outcome_unknown' ? first : second;
  }
  if (second.status < 500) expect(withoutRequest(second)).toEqual(withoutRequest(first));
  return first;
}

function withoutRequest({ status, body: { request_id: _, ...body } }: Answer) {
  return { status, body };
}

const DAY_MS = 24 * 60 * 60 * 1_000;

function send(
  { api, scope, clock }: Run,
  { intent, number, token, cursor, now }: Sending,
  headers: Record<string, string>,
): Promise<Answer> {
  const at = ({ project, task }: TaskKey, part = '') =>
    `/tasks/${scope.taskId(task)}${part}?${query({ project: scope.projectId(project) })}`;
  switch (intent.kind) {
    case 'next':
      return api.get(
        `/tasks/next?${query({ project: scope.projectId(intent.project), status: intent.status })}`,
      );
    case 'list': {
      const { status, limit } = intent;
      const project = scope.projectId(intent.project);
      return api.get(`/tasks?${query({ project, status, limit, cursor })}`);
    }
    case 'get':
      return api.get(`${at(intent)}${intent.needs ? '&include=needs' : ''}`);
    case 'need': {
      const terms = { when: intent.when, group: intent.group, on_failure: intent.onFailure };
      return api.put(at(intent, `/needs/${scope.taskId(intent.need)}`), terms, headers);
    }
    case 'unneed':
      return api.delete(at(intent, `/needs/${scope.taskId(intent.need)}`));
    case 'artifact':
      return api.put(`/artifacts/${intent.name}?${query({ project: scope.projectId(intent.project) })}`, {});
    case 'settings':
      return api.put(`/projects/${scope.projectId(intent.project)}`, settingsOf(intent, now));
    case 'move': {
      const project = intent.project === undefined ? undefined : scope.projectId(intent.project);
      const { to: status, reset, notes, force } = intent;
      const completion_notes = notesSent(notes, number);
      const error = status === 'failed' ? errorBy(number) : undefined;
      const { result, artifacts: made } = madeBy(intent, number);
      const artifacts = made?.map((name) => ({ name, uri: 'https://example.com/made' }));
      const body = { status, reset, completion_notes, claim_token: token, force, error, result, artifacts };
      return api.put(`/tasks/${scope.taskId(intent.task)}/status?${query({ project })}`, body, headers);
    }
    case 'claim': {
      const { agent: agent_id, capacity, count, lease: lease_seconds, wait: wait_seconds } = intent;
      const project_id = scope.projectId(intent.project);
      const body = { project_id, agent_id, capacity, count, lease_seconds, wait_seconds };
      return api.post('/tasks/claim', body, headers);
    }
    case 'heartbeat': {
      const progress = intent.progress && { percent: percentBy(number) };
      const checkpoint = intent.checkpoint && number;
      return api.post(at(intent, '/heartbeat'), { claim_token: token, progress, checkpoint }, headers);
    }
    case 'release': {
      const delay_seconds = intent.delayed ? LONG_PAUSE : undefined;
      const notes = notesSent(intent.notes, number);
      return api.post(at(intent, '/release'), { claim_token: token, delay_seconds, notes }, headers);
    }
    case 'delete':
      return api.delete(`${at(intent)}&purge=${intent.purge}`);
    case 'restore':
      return api.post(at(intent, '/restore'), {});
    case 'edit':
      return api.patch(`${at(intent)}${conditionOf(intent)}`, editOf(intent, number), headers);
    case 'note':
      return api.post(at(intent, '/notes'), { text: noteBy(number) }, headers);
    case 'notes':
      return api.get(at(intent, '/notes'));
    case 'bulk': {
      const body = bulkBody(intent, scope.projectId(intent.project), scope.taskId, number);
      return api.post('/tasks/bulk', body, headers);
    }
    case 'transfer':
      return sendTransfer(api, scope.projectId(intent.project), scope.projectId(COPY));
    case 'reserve': {
      const { count, project } = intent;
      const body = { type: 'TASK', count, project_id: scope.projectId(project) };
      return api.post('/ids/reserve', body, headers);
    }
    case 'add': {
      const tasks = intent.tasks.map((task) => newTask(scope, task, number, now));
      return api.post('/tasks/batch', { tasks }, headers);
    }
    case 'look':
      throw new Error('No request is a look by itself');
    case 'tick':
      return clock.passAges().then(() => ANSWERED);
    case 'invalid':
      return INVALID_REQUESTS[intent.name].send(api, scope.projectId('a'), scope.taskId('-1'));
  }
}

function newTask(scope: Scope, task: NewModelTask, number: number, now: number) {
  const { status, priority, maxAttempts: max_attempts, early, inputs, outputs: expected_outputs } = task;
  const needs = task.needs?.map(({ need, when, group, onFailure: on_failure }) => ({
    task_id: scope.taskId(need),
    ...{ when, group, on_failure },
  }));
  return {
    task_id: task.task === UNNAMED ? undefined : scope.taskId(task.task),
    project_id: scope.projectId(task.project),
    description: descriptionBy(number),
    not_before: early ? inADay(now) : undefined,
    ...{ status, priority, max_attempts, needs, inputs, expected_outputs },
  };
}

function editOf({ priority, maxAttempts: max_attempts, labels }: EditIntent, number: number) {
  return { priority, max_attempts, labels: labels && [labelBy(number)] };
}

function conditionOf({ expected }: EditIntent): string {
  return expected === undefined ? '' : `&expected_revision=${expected}`;
}

function settingsOf({ readiness, pause }: SettingsIntent, now: number) {
  const paused = { reason: PAUSE_REASON, ...(pause === 'day' ? { until: inADay(now) } : {}) };
  return { readiness, ...(pause === undefined ? {} : { paused: pause === 'none' ? null : paused }) };
}

const inADay = (now: number) => new Date(now + DAY_MS).toISOString();

/** What comes of what is no request. */
const ANSWERED = { status: 200, headers: new Headers(), body: { success: true } as AnswerBody };

function query(parameters: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
