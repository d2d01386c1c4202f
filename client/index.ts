import {
  type CallOptions,
  type Calls,
  type ClientOptions,
  createCalls,
  type WholeListInput,
} from './calls.ts';
import { eventsOf, type FollowInput } from './events.ts';
import { tasksOf } from './pages.ts';
import type {
  ExportLine,
  ExportProjectInput,
  FollowedEvent,
  ListTasksInput,
  PartialTask,
  Task,
} from './schema.ts';
import { exportLinesOf, type Imported, type ImportInput, importAllOf } from './transfer.ts';

export type { CallOptions, Calls, ClientOptions, OperationMethods, WholeListInput } from './calls.ts';
export type { Clock } from './clock.ts';
export { type LocalCode, TaskTrackerError, type TaskTrackerErrorCode } from './error.ts';
export type { FollowInput } from './events.ts';
export type * from './schema.ts';
export { MOVES } from './schema.ts';
export type { Imported, ImportInput } from './transfer.ts';

export interface Client extends Calls {
  /** Walks the tasks that fit, page by page, in the order of `sort`: by default that of their creation. */
  tasks(query: WholeListInput, options?: CallOptions): AsyncGenerator<Task, void, undefined>;
  tasks(query: ListTasksInput, options?: CallOptions): AsyncGenerator<PartialTask, void, undefined>;
  /**
   * Follows the events of a project, from `after` or the oldest on, and waits for the next ones; ends only by a rejection,
   * as by `aborted` after the signal. The `cursor` of an event, as `after`, goes on after it.
   */
  events(query: FollowInput, options?: CallOptions): AsyncGenerator<FollowedEvent, void, undefined>;
  /**
   * Takes out a project line by line, to the line `end`. After a rejection, `cursor` of the last line `cursor` that came
   * goes on.
   */
  exportLines(query: ExportProjectInput, options?: CallOptions): AsyncGenerator<ExportLine, void, undefined>;
  /** Takes lines of an export into a project, in as many requests as they need; it may be repeated. */
  importAll(
    input: ImportInput,
    lines: AsyncIterable<ExportLine> | Iterable<ExportLine>,
    options?: Omit<CallOptions, 'idempotencyKey'>,
  ): Promise<Imported>;
}

/**
 * Makes a client of one service. All attempts at one write have the same Idempotency-Key, so that a repetition changes
 * nothing. Retries wait 200 ms, doubled each time up to 10 s, less up to half by chance, on top of the Retry-After of an
 * answer; a Retry-After of more than 60 s ends the call.
 */
export function createClient(options: ClientOptions): Client {
  const calls = createCalls(options);
  // Without `fields` and `view`, the service answers with whole tasks.
  const tasks = ((query: ListTasksInput, callOptions?: CallOptions) =>
    tasksOf((input) => calls.listTasks(input, callOptions), query)) as Client['tasks'];
  return {
    ...calls,
    tasks,
    events: (query, callOptions) => eventsOf((input) => calls.listEvents(input, callOptions), query),
    exportLines: (query, callOptions) =>
      exportLinesOf((input) => calls.exportProject(input, callOptions), query),
    importAll: (input, lines, callOptions) =>
      importAllOf((request) => calls.importLines(request, callOptions), input, lines),
  };
}
