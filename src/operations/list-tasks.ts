import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { taskColumns, toTask } from '../db/sql/task-row.ts';
import { defineRead, type RawRow } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import { LIMITS, type Status, type Task } from '../domain/task.ts';

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
  /** Whether there is another one behind it, on this page or the next. */
  readonly isFollowed: boolean;
}

type Bounds = Coverage & { readonly projectId: string; readonly after: number; readonly fetch: number };
type BoundsOfStatus = Bounds & { readonly status: Status };

function toEntry(row: RawRow): Entry {
  // `seq` is a bigint, which the drivers hand over as text.
  return { task: toTask(row), position: Number(row['seq']), isFollowed: row['is_followed'] === true };
}

/** The texts of a task, in bytes; everything else is short. */
const TEXT_BYTES = sql.join(
  [
    tasks.description,
    tasks.inputs,
    tasks.expectedOutputs,
    tasks.contextNotes,
    tasks.completionNotes,
    tasks.lastError,
  ].map(({ name }) => sql`coalesce(octet_length(${sql.identifier(name)}::text), 0)`),
  sql` + `,
);

/**
 * Stops behind the task whose texts fill the page: a Worker has not the memory for a thousand tasks of the largest
 * size. Two statements rather than `status = $n or $n is null`, which no index could serve in a prepared plan.
 */
const selectPage = (value: (name: keyof Bounds) => SQL, filter: SQL) => sql`
    select ${taskColumns('page')}, page.seq, page.is_followed
    from (
      select
        found.*,
        lead(seq) over in_order is not null as is_followed,
        sum(${TEXT_BYTES}) over (in_order rows between unbounded preceding and 1 preceding) as bytes_before
      from (
        select tasks.*
        from ${tasks}
        where project_id = ${value('projectId')}${filter}
          and seq > ${value('after')}
          and ${isCovered(value('projectId'), value('covered'))}
        order by seq
        limit ${value('fetch')}
      ) as found
      window in_order as (order by seq)
    ) as page
    where coalesce(page.bytes_before, 0) < ${sql.raw(String(LIMITS.pageBytes))}
    order by page.seq`;

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
 * One page of a project's tasks, fewer than asked for where their texts fill it. A position never changes and never
 * comes twice, so a walk through the pages sees every task that exists throughout exactly once, whatever is added
 * meanwhile. Rejects with `project_forbidden`.
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
  const last = entries.at(-1);
  return { tasks: entries.map((entry) => entry.task), next: last?.isFollowed ? last.position : null };
}
