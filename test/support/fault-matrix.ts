import { expect, inject } from 'vitest';
import type { RetryPolicy } from '../../src/db/retry.ts';
import type { Access } from '../../src/db/statement.ts';
import type { DriverName } from '../../src/db/target.ts';
import { isWrite } from '../../src/operations/define-operation.ts';
import type { Answer, AnswerBody, Api } from './api.ts';
import { tokenOf } from './claim-token.ts';
import { CONFORMANCE_DRIVERS, DRIVERS } from './database.ts';
import { PROJECT, RESERVATION } from './example-task.ts';
import type { Fault } from './fault-proxy.ts';
import { initOf, ONE_REQUEST_A_ROUTE } from './requests.ts';
import type { ServerFault } from './server-faults.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** How much time the fault matrix takes: scaled times, or the real ones. */
    faultTimes: 'scaled' | 'real';
  }
}

export const EVERY_CELL = inject('form').everyCell;

/** Every fault, of the way to the database and of the server. */
export type MatrixFault = Exclude<Fault, 'none'> | ServerFault;

/** What a fault is to the service. */
type Meaning =
  /** The answer comes. */
  | 'answered'
  /** It is certain that nothing was sent. */
  | 'unreachable'
  /** The statement may have been executed. */
  | 'answer_lost'
  /** The server refused or ended the statement. */
  | 'unavailable';

interface FaultRow {
  readonly means: Readonly<Record<DriverName, Readonly<Record<Access, Meaning>>>>;
  /** Whether statements arrive at the database. */
  readonly arrives: boolean;
  /** Whether a write that arrives is carried out. */
  readonly carriedOut: boolean;
  /** Whether the service learns of the fault from its own clock only. */
  readonly silent: boolean;
}

const always = (meaning: Meaning) => byAccess({ read: meaning, write: meaning });
const byAccess = (meanings: Record<Access, Meaning>) => ({ hyperdrive: meanings, neon: meanings });
/** Over HTTP a connection that fails looks like an answer that was lost. */
const noConnection = {
  hyperdrive: { read: 'unreachable', write: 'unreachable' },
  neon: { read: 'answer_lost', write: 'answer_lost' },
} as const;

const NOTHING_ARRIVES = { arrives: false, carriedOut: false, silent: false };
const ROLLED_BACK = { arrives: true, carriedOut: false, silent: false };
const CARRIED_OUT = { arrives: true, carriedOut: true, silent: false };

/** What each fault means; the compiler refuses a fault without a row. */
export const FAULTS = {
  refused: { means: noConnection, ...NOTHING_ARRIVES },
  reset: { means: noConnection, ...NOTHING_ARRIVES },
  reset_before_statement: { means: always('answer_lost'), ...NOTHING_ARRIVES },
  reset_in_answer: { means: always('answer_lost'), ...CARRIED_OUT },
  answer_lost: { means: always('answer_lost'), ...CARRIED_OUT },
  black_hole: { means: noConnection, ...NOTHING_ARRIVES, silent: true },
  black_hole_after_statement: { means: always('answer_lost'), ...CARRIED_OUT, silent: true },
  // An attempt at a read ends before the answer comes; a write that was sent waits for it.
  delay: { means: byAccess({ read: 'answer_lost', write: 'answered' }), ...CARRIED_OUT, silent: true },
  backend_terminated: { means: always('answer_lost'), ...ROLLED_BACK },
  too_many_connections: { means: always('unreachable'), ...NOTHING_ARRIVES },
  read_only: { means: byAccess({ read: 'answered', write: 'unavailable' }), ...ROLLED_BACK },
  disk_full: { means: always('unavailable'), ...ROLLED_BACK },
  statement_timeout: { means: always('unavailable'), ...ROLLED_BACK },
} as const satisfies Record<MatrixFault, FaultRow>;

interface EndpointRow {
  readonly access: Access;
  readonly call: (api: Api) => Promise<Answer>;
  /** What a success answers besides `success`. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The status of every task once the call has succeeded; undefined where no literal tells. */
  readonly leaves: Readonly<Record<string, string>> | undefined;
}

/** What is in the table before each cell. */
export const SEED = { task_id: 'TASK-1', project_id: 'p', description: 'Do TASK-1' } as const;
/** A claim on TASK-9 of the project `held`, which is in the table as well. */
export const SEED_CLAIM = { agent_id: 'holder', token: tokenOf(7), attempt: 1 } as const;
const ADDED = { task_id: 'TASK-2', project_id: 'p', description: 'Do TASK-2' } as const;
/** The task that the examples of the operations speak of, in a project of its own. */
export const EXAMPLE = { task_id: 'TASK-051', project_id: PROJECT, description: 'Do it' } as const;
const UNTOUCHED = { 'TASK-1': 'pending', 'TASK-9': 'in_progress', 'TASK-051': 'pending' } as const;

/** An error is JSON like any other; a success is shown as if it were. */
async function textAnswer(
  api: Api,
  path: string,
  read: (response: Response) => Promise<string>,
): Promise<Answer> {
  const response = await api.send(path);
  const { status, headers } = response;
  const body = status === 200 ? { success: true, text: await read(response) } : await response.json();
  return { status, headers, body: body as AnswerBody };
}

/** The next parts are statements of their own, and a fault that they meet cuts the answer off. */
async function firstPart({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const part = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(part?.value);
}

/** One request of each endpoint, by its name in the OpenAPI description, with what a success comes to. */
const WITH_OUTCOME = {
  'GET /tasks/next': {
    access: 'read',
    call: (api) => api.get('/tasks/next?project=p'),
    answers: { task: { ...SEED, status: 'pending' } },
    leaves: UNTOUCHED,
  },
  'GET /tasks': {
    access: 'read',
    call: (api) => api.get('/tasks?project=p'),
    answers: { count: 1, tasks: [{ ...SEED, status: 'pending' }] },
    leaves: UNTOUCHED,
  },
  'GET /tasks/{task_id}': {
    access: 'read',
    call: (api) => api.get('/tasks/TASK-1?project=p'),
    answers: { task: { ...SEED, status: 'pending' } },
    leaves: UNTOUCHED,
  },
  'DELETE /tasks/{task_id}': {
    access: 'write',
    call: (api) => api.delete('/tasks/TASK-1?project=p'),
    answers: { deleted_task: { ...SEED, status: 'pending' } },
    leaves: { 'TASK-9': 'in_progress', 'TASK-051': 'pending' },
  },
  'GET /metrics': {
    access: 'read',
    call: (api) => textAnswer(api, '/metrics', (response) => response.text()),
    answers: { text: expect.stringContaining('task_tracker_tasks{project="p",status="pending"} 1\n') },
    leaves: UNTOUCHED,
  },
  'GET /export': {
    access: 'read',
    call: (api) => textAnswer(api, '/export?project=p', firstPart),
    answers: { text: expect.stringContaining('"kind":"project"') },
    leaves: UNTOUCHED,
  },
  'PUT /tasks/{task_id}/status': {
    access: 'write',
    call: (api) => api.move('p', 'TASK-1', { status: 'in_progress' }),
    answers: { updated_task: { ...SEED, status: 'in_progress' } },
    leaves: { ...UNTOUCHED, 'TASK-1': 'in_progress' },
  },
  'POST /tasks/claim': {
    access: 'write',
    call: (api) => api.claim('p', 'agent'),
    answers: { reason: 'claimed', task: { ...SEED, status: 'in_progress' }, claim: { attempt: 1 } },
    leaves: { ...UNTOUCHED, 'TASK-1': 'in_progress' },
  },
  'POST /tasks/{task_id}/heartbeat': {
    access: 'write',
    call: (api) => api.post('/tasks/TASK-9/heartbeat?project=held', { claim_token: SEED_CLAIM.token }),
    answers: { task: { task_id: 'TASK-9', status: 'in_progress' }, claim: SEED_CLAIM },
    leaves: UNTOUCHED,
  },
  'POST /tasks/{task_id}/release': {
    access: 'write',
    call: (api) => api.post('/tasks/TASK-9/release?project=held', { claim_token: SEED_CLAIM.token }),
    answers: { released_task: { task_id: 'TASK-9', status: 'pending' } },
    leaves: { ...UNTOUCHED, 'TASK-9': 'pending' },
  },
  'POST /tasks/batch': {
    access: 'write',
    call: (api) => api.post('/tasks/batch', { tasks: [ADDED] }),
    answers: { tasks_added: 1, task_ids: ['TASK-2'] },
    leaves: { ...UNTOUCHED, 'TASK-2': 'pending' },
  },
  'PATCH /tasks/{task_id}': {
    access: 'write',
    call: (api) => api.patch('/tasks/TASK-1?project=p&expected_revision=1', { priority: 0 }),
    answers: { updated_task: { ...SEED, status: 'pending', priority: 0, revision: 2 } },
    leaves: UNTOUCHED,
  },
  'POST /tasks/{task_id}/notes': {
    access: 'write',
    call: (api) => api.post('/tasks/TASK-1/notes?project=p', { text: 'Noted' }),
    answers: { added_note: { version: 1, text: 'Noted' } },
    leaves: UNTOUCHED,
  },
  'POST /tasks/{task_id}/restore': {
    access: 'write',
    call: (api) => api.post(`/tasks/TASK-049/restore?project=${PROJECT}`, {}),
    answers: { restored_task: { task_id: 'TASK-049', project_id: PROJECT, status: 'pending' } },
    leaves: { ...UNTOUCHED, 'TASK-049': 'pending' },
  },
  'POST /ids/reserve': {
    access: 'write',
    call: (api) => api.post('/ids/reserve', { type: 'US', count: 3, project_id: 'p' }),
    // The first numbers, however often the request arrived.
    answers: { reserved_ids: ['US-001', 'US-002', 'US-003'] },
    leaves: UNTOUCHED,
  },
  'POST /ids/next': {
    access: 'write',
    call: (api) => api.post('/ids/next', { type: 'US', project: 'p' }),
    answers: { next_id: 'US-001' },
    leaves: UNTOUCHED,
  },
  'POST /ids/confirm': {
    access: 'write',
    call: (api) => api.post('/ids/confirm', { reservation_id: RESERVATION }),
    answers: { reservation_id: RESERVATION, confirmed: true },
    leaves: UNTOUCHED,
  },
} as const satisfies Record<string, EndpointRow>;

/** The first example of each route that has no row above, so that a new verb is tried as well. */
const BY_EXAMPLE = Object.fromEntries(
  ONE_REQUEST_A_ROUTE.filter(({ route }) => !(route in WITH_OUTCOME)).map(
    (request): [string, EndpointRow] => [
      request.route,
      {
        access: isWrite(request.operation) ? 'write' : 'read',
        call: (api) => api.get(request.path, initOf(request)),
        answers: {},
        leaves: undefined,
      },
    ],
  ),
);

export const ENDPOINTS: Readonly<Record<string, EndpointRow>> = { ...WITH_OUTCOME, ...BY_EXAMPLE };

export type Endpoint = string;

/** One request over one driver under one fault. */
export interface Cell {
  readonly driver: DriverName;
  readonly fault: MatrixFault;
  readonly endpoint: Endpoint;
}

// Object.keys forgets the literal types of the table.
export const ALL_FAULTS = Object.keys(FAULTS) as MatrixFault[];
export const ALL_ENDPOINTS: readonly Endpoint[] = Object.keys(ENDPOINTS);

/** What stands for all endpoints where not every cell is tried: a read, a write and a claim. */
export const REPRESENTATIVES: readonly Endpoint[] = [
  'GET /tasks/next',
  'PUT /tasks/{task_id}/status',
  'POST /tasks/claim',
];

/** What stands for all faults there: nothing arrives, all but the answer does, the database itself refuses. */
export const TRIED_EVERYWHERE: readonly MatrixFault[] = ['refused', 'answer_lost', 'disk_full'];

/** The requests, each with a database of its own, that faults are tried on. */
export const LANES: readonly Omit<Cell, 'fault'>[] = CONFORMANCE_DRIVERS.flatMap((driver) =>
  (DRIVERS.includes(driver) ? ALL_ENDPOINTS : REPRESENTATIVES).map((endpoint) => ({ driver, endpoint })),
);

/** The faults that are tried on an endpoint. */
export function faultsOn(endpoint: Endpoint): readonly MatrixFault[] {
  return EVERY_CELL || REPRESENTATIVES.includes(endpoint) ? ALL_FAULTS : TRIED_EVERYWHERE;
}

/** Every lane × its faults. */
export const CELLS: readonly Cell[] = LANES.flatMap((lane) =>
  faultsOn(lane.endpoint).map((fault) => ({ ...lane, fault })),
);

/** The times that hold for a cell, in milliseconds. */
export interface Times {
  readonly policy: RetryPolicy;
  /** How late an answer under `delay` is. */
  readonly delay: number;
  /** The pauses that are really slept before each repetition. */
  readonly slept: readonly number[];
}

/** What a cell must come to. */
export interface Expectation {
  readonly status: 200 | 500;
  readonly code: 'database_unavailable' | 'outcome_unknown' | undefined;
  /** What the body of a success has besides `success`. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** How many pauses are made, from the first of the policy on. */
  readonly repetitions: number;
  readonly statements: number;
  /** The status of every task afterwards; undefined where nothing tells. */
  readonly table: Readonly<Record<string, string>> | undefined;
  /** The least time that the answer takes, in milliseconds. */
  readonly atLeast: number;
}

/** Computes from the two tables what docs/operations.md promises for a cell. */
export function expectationOf({ driver, fault, endpoint }: Cell, times: Times): Expectation {
  const row: FaultRow = FAULTS[fault];
  const { access, answers, leaves } = rowOf(endpoint);
  const meaning = row.means[driver][access];
  const isRepeated = meaning === 'unreachable' || meaning === 'answer_lost';
  const patience = patienceOf(times.policy, meaning === 'answer_lost' ? access : 'read');
  const { repetitions, waited } = isRepeated
    ? attemptsWithin(times, row.silent ? patience : () => 0)
    : { repetitions: 0, waited: row.silent ? times.delay : 0 };
  return {
    status: meaning === 'answered' ? 200 : 500,
    code: codeOf(meaning, access),
    answers,
    repetitions,
    statements: row.arrives ? 1 + repetitions : 0,
    table: row.carriedOut ? leaves : UNTOUCHED,
    atLeast: total(times.slept.slice(0, repetitions)) + waited,
  };
}

/** The row of an endpoint that has one. */
export function rowOf(endpoint: Endpoint): EndpointRow {
  const row = ENDPOINTS[endpoint];
  if (row === undefined) throw new Error(`The matrix has no ${endpoint}`);
  return row;
}

function codeOf(meaning: Meaning, access: Access): Expectation['code'] {
  if (meaning === 'answered') return undefined;
  return meaning === 'answer_lost' && access === 'write' ? 'outcome_unknown' : 'database_unavailable';
}

/** How long one attempt waits for what never comes, by the time that is left: a write that was sent waits longer. */
function patienceOf({ attemptTimeout }: RetryPolicy, access: Access): (left: number) => number {
  return (left) => Math.min(left, access === 'write' ? Math.max(attemptTimeout, left / 2) : attemptTimeout);
}

/** How often an attempt is repeated before the time is over, and how long all of them wait together. */
function attemptsWithin({ policy, slept }: Times, patience: (left: number) => number) {
  let waited = patience(policy.totalTimeout);
  let left = policy.totalTimeout - waited;
  let repetitions = 0;
  for (const [index, pause] of policy.pauses.entries()) {
    if (left <= pause) break;
    left -= slept[index] ?? 0;
    const wait = patience(left);
    waited += wait;
    left -= wait;
    repetitions += 1;
  }
  return { repetitions, waited };
}

function total(milliseconds: readonly number[]): number {
  return milliseconds.reduce((sum, each) => sum + each, 0);
}
