import { type SQL, sql } from 'drizzle-orm';
import { type Coverage, isCovered } from '../db/coverage.ts';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema.ts';
import { defineRead, type RawRow } from '../db/statement.ts';
import { taskColumns, toTask } from '../db/task-row.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import type { Status, Task } from '../domain/task.ts';

interface Input {
  readonly projectId: string;
  /** Only tasks of this status; all when absent. */
  readonly status?: Status | undefined;
  /** The largest number of tasks to return, from 1. */
  readonly limit: number;
  /** The position after which to go on, as an earlier page returned it; 0 for the start. */
  readonly after: number;
}

/** Part of a project's tasks, in order of creation. */
export interface Page {
  readonly tasks: readonly Task[];
  /** Where the next page begins, or null when this is the last. */
  readonly next: number | null;
}

interface Entry {
  readonly task: Task;
  readonly position: number;
}

type Bounds = Coverage & { readonly projectId: string; readonly after: number; readonly fetch: number };
type BoundsOfStatus = Bounds & { readonly status: Status };

function toEntry(row: RawRow): Entry {
  // `seq` is a bigint, which the drivers hand over as text.
  return { task: toTask(row), position: Number(row['seq']) };
}

// Two statements rather than `status = $n or $n is null`, which no index could serve in a prepared plan.
const selectPage = (value: (name: keyof Bounds) => SQL, filter: SQL) => sql`
    select ${taskColumns('tasks')}, seq
    from ${tasks}
    where project_id = ${value('projectId')}${filter}
      and seq > ${value('after')}
      and ${isCovered(value('projectId'), value('covered'))}
    order by seq
    limit ${value('fetch')}`;

export const LIST_TASKS = defineRead<Bounds, Entry>({
  name: 'list_tasks',
  build: (value) => selectPage(value, sql``),
  toRow: toEntry,
});

export const LIST_TASKS_OF_STATUS = defineRead<BoundsOfStatus, Entry>({
  name: 'list_tasks_of_status',
  build: (value) => selectPage(value, sql` and status = ${value('status')}`),
  toRow: toEntry,
});

/**
 * One page of a project's tasks. A position never changes and never comes twice, so a walk through the pages
 * sees every task that exists throughout exactly once, whatever is added meanwhile. Rejects with `project_forbidden`.
 */
export async function listTasks(database: Database, input: Input, caller: Caller): Promise<Page> {
  const { projectId, status, limit, after } = input;
  requireProjects(caller, [projectId]);
  // One more than asked for tells whether there is a next page.
  const bounds = { projectId, after, fetch: limit + 1, covered: boundProjects(caller) };
  const found =
    status === undefined
      ? await database.run(LIST_TASKS, bounds)
      : await database.run(LIST_TASKS_OF_STATUS, { ...bounds, status });
  const entries = found.slice(0, limit);
  const last = found.length > limit ? entries.at(-1) : undefined;
  return { tasks: entries.map((entry) => entry.task), next: last?.position ?? null };
}
