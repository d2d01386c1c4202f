import { type Clock, systemClock } from './clock.ts';
import type { Exchange, Ports } from './exchange.ts';
import { randomKey } from './key.ts';
import { type Route, toRequest } from './request.ts';
import { exchangeWithRetries } from './retries.ts';
import {
  type ListAnswer,
  type ListTasksInput,
  OPERATIONS,
  type Operations,
  type PartialTask,
  type Task,
} from './schema.ts';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_RETRIES = 3;

export interface ClientOptions {
  /** Where the service is, such as https://tasks.example.com; a path in it is kept. */
  readonly baseUrl: string;
  /** An API key or a token; without one no credential is sent. */
  readonly key?: string | undefined;
  /**
   * How long one attempt may take, in milliseconds, on top of the `wait_seconds` of the call; 15,000 unless told otherwise,
   * for the service answers within 10,000.
   */
  readonly timeout?: number;
  /** How often a request is sent again after 429, 5xx, a lost connection or a timeout; 3 unless told otherwise. */
  readonly retries?: number;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock?: Clock;
  /** From 0 up to but not including 1. */
  readonly random?: () => number;
  /** Makes the Idempotency-Key of a write. */
  readonly createKey?: () => string;
}

export interface CallOptions {
  /** Ends the call, which then rejects with the code `aborted`; a write may have committed all the same. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  readonly timeout?: number;
  /** Instead of the client's. */
  readonly retries?: number;
  /** For a write that goes on from an earlier call whose answer was lost; otherwise each call makes one of its own. */
  readonly idempotencyKey?: string;
}

type Method<Input, Answer> =
  Record<string, never> extends Input
    ? (input?: Input, options?: CallOptions) => Promise<Answer>
    : (input: Input, options?: CallOptions) => Promise<Answer>;

/** A method for each operation of the service; all reject with a TaskTrackerError. */
export type OperationMethods = {
  readonly [Id in keyof Operations]: Method<Operations[Id]['input'], Operations[Id]['answer']>;
};

/** A list of whole tasks. */
export type WholeListInput = Omit<ListTasksInput, 'fields' | 'view'> & {
  readonly fields?: never;
  readonly view?: 'full';
};

/** What a list is asked for, and the tasks that come of it: whole, unless `fields` or `view` ask for a part. */
interface Lists {
  listTasks(
    input: WholeListInput,
    options?: CallOptions,
  ): Promise<Omit<ListAnswer, 'tasks'> & { tasks: Task[] }>;
  listTasks(
    input: ListTasksInput,
    options?: CallOptions,
  ): Promise<Omit<ListAnswer, 'tasks'> & { tasks: PartialTask[] }>;
}

/** The operations of the service, each as one call. */
export interface Calls extends Omit<OperationMethods, 'listTasks'>, Lists {}

/** Makes the calls of a client without what goes on from one call to another; for the rest as createClient. */
export function createCalls(options: ClientOptions): Calls {
  return createCallsOf(OPERATIONS, options);
}

/** As createCalls, but for these operations only. */
export function createCallsOf<Id extends keyof Operations>(
  routes: Readonly<Record<Id, Route>>,
  options: ClientOptions,
): Pick<Calls, Id> {
  const { baseUrl } = options;
  if (!/^https?:$/.test(new URL(baseUrl).protocol)) throw new TypeError(`${baseUrl} is no HTTP URL`);
  const call = (route: Route) => (input?: object, callOptions?: CallOptions) =>
    exchangeWithRetries(
      planOf(route, { ...input }, options, callOptions ?? {}),
      callOptions?.retries ?? options.retries ?? DEFAULT_RETRIES,
      portsOf(options),
    );
  // The keys are those of the routes; the service answers as its description says, and without `fields` and `view` with
  // whole tasks.
  return Object.fromEntries(
    Object.entries<Route>(routes).map(([id, route]) => [id, call(route)]),
  ) as unknown as Pick<Calls, Id>;
}

function planOf(
  route: Route,
  input: Readonly<Record<string, unknown>>,
  { baseUrl, key = '', timeout = DEFAULT_TIMEOUT_MS, createKey = randomKey }: ClientOptions,
  callOptions: CallOptions,
): Exchange {
  const request = toRequest(route, baseUrl, input);
  return {
    request,
    headers: {
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(route.takesKey ? { 'idempotency-key': callOptions.idempotencyKey ?? createKey() } : {}),
    },
    answersJson: route.answersJson,
    timeout: (callOptions.timeout ?? timeout) + waitOf(input),
    signal: callOptions.signal,
  };
}

/** How long the service may keep the answer back, in milliseconds. */
function waitOf({ wait_seconds }: Readonly<Record<string, unknown>>): number {
  return typeof wait_seconds === 'number' ? wait_seconds * 1_000 : 0;
}

function portsOf({ fetch, clock = systemClock, random = Math.random }: ClientOptions): Ports {
  // Called as a method, the fetch of a browser refuses.
  return { fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)), clock, random };
}
