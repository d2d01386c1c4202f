import { expect } from 'vitest';
import type { DriverName } from '../../src/db/connect.ts';
import type { RetryPolicy } from '../../src/db/retry.ts';
import type { Access } from '../../src/db/statement.ts';
import type { Answer, AnswerBody, Api } from './api.ts';
import { DRIVERS } from './database.ts';
import type { Fault } from './fault-proxy.ts';
import type { ServerFault } from './server-faults.ts';

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
  /** The status of every task once the call has succeeded. */
  readonly leaves: Readonly<Record<string, string>>;
}

/** What is in the table before each cell. */
export const SEED = { task_id: 'TASK-1', project_id: 'p', description: 'Do TASK-1' } as const;
const ADDED = { task_id: 'TASK-2', project_id: 'p', description: 'Do TASK-2' } as const;
const UNTOUCHED = { 'TASK-1': 'pending' } as const;

/** One request of each endpoint, by its name in the OpenAPI description. */
export const ENDPOINTS = {
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
    leaves: {},
  },
  'GET /metrics': {
    access: 'read',
    call: async (api) => {
      const response = await api.send('/metrics');
      const { status, headers } = response;
      // An error is JSON like any other; a success is shown as if it were.
      const body = status === 200 ? { success: true, text: await response.text() } : await response.json();
      return { status, headers, body: body as AnswerBody };
    },
    answers: { text: expect.stringContaining('task_tracker_tasks{project="p",status="pending"} 1\n') },
    leaves: UNTOUCHED,
  },
  'PUT /tasks/{task_id}/status': {
    access: 'write',
    call: (api) => api.move('p', 'TASK-1', { status: 'in_progress' }),
    answers: { updated_task: { ...SEED, status: 'in_progress' } },
    leaves: { 'TASK-1': 'in_progress' },
  },
  'POST /tasks/batch': {
    access: 'write',
    call: (api) => api.post('/tasks/batch', { tasks: [ADDED] }),
    answers: { tasks_added: 1, task_ids: ['TASK-2'] },
    leaves: { 'TASK-1': 'pending', 'TASK-2': 'pending' },
  },
} as const satisfies Record<string, EndpointRow>;

export type Endpoint = keyof typeof ENDPOINTS;

/** One request over one driver under one fault. */
export interface Cell {
  readonly driver: DriverName;
  readonly fault: MatrixFault;
  readonly endpoint: Endpoint;
}

// Object.keys forgets the literal types of the two tables.
export const ALL_FAULTS = Object.keys(FAULTS) as MatrixFault[];
export const ALL_ENDPOINTS = Object.keys(ENDPOINTS) as Endpoint[];

/** Every driver × fault × endpoint. */
export const CELLS: readonly Cell[] = DRIVERS.flatMap((driver) =>
  ALL_FAULTS.flatMap((fault) => ALL_ENDPOINTS.map((endpoint) => ({ driver, fault, endpoint }))),
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
  /** The status of every task afterwards. */
  readonly table: Readonly<Record<string, string>>;
  /** The least time that the answer takes, in milliseconds. */
  readonly atLeast: number;
}

/** Computes from the two tables what the README promises for a cell. */
export function expectationOf({ driver, fault, endpoint }: Cell, times: Times): Expectation {
  const row: FaultRow = FAULTS[fault];
  const { access, answers, leaves }: EndpointRow = ENDPOINTS[endpoint];
  const meaning = row.means[driver][access];
  const repeated = meaning === 'unreachable' || (meaning === 'answer_lost' && access === 'read');
  const repetitions = repeated ? times.policy.pauses.length : 0;
  return {
    status: meaning === 'answered' ? 200 : 500,
    code: codeOf(meaning, access),
    answers,
    repetitions,
    statements: row.arrives ? 1 + repetitions : 0,
    table: row.carriedOut ? leaves : UNTOUCHED,
    atLeast:
      total(times.slept.slice(0, repetitions)) + (row.silent ? waited(meaning, repetitions, times) : 0),
  };
}

function codeOf(meaning: Meaning, access: Access): Expectation['code'] {
  if (meaning === 'answered') return undefined;
  return meaning === 'answer_lost' && access === 'write' ? 'outcome_unknown' : 'database_unavailable';
}

/** How long the service waits for what never comes, or comes late. */
function waited(meaning: Meaning, repetitions: number, { policy, delay }: Times): number {
  if (meaning === 'answered') return delay;
  return repetitions === 0 ? policy.totalTimeout : (1 + repetitions) * policy.attemptTimeout;
}

function total(milliseconds: readonly number[]): number {
  return milliseconds.reduce((sum, each) => sum + each, 0);
}
