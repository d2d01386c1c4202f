import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { toHolder } from '../db/sql/task-row.ts';
import { type Bind, defineWrite, type RawRow, type Statement, type Values } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import { claimedByOther, claimLost, type MetTask } from '../domain/conflicts.ts';
import { ambiguousTask, type DomainError, taskNotFound } from '../domain/errors.ts';
import type { Status } from '../domain/task.ts';

/** The task that a request means, as its path and query name it. */
export interface TaskAddress {
  readonly taskId: string;
  /** The project of the task; when absent, the id must be in one project only. */
  readonly projectId?: string | undefined;
}

/** What a statement found when it had locked the task. */
interface FoundTask {
  /** How many tasks that the caller may know of have that id: 0, 1, or 2 for several. */
  readonly matches: number;
  /** The task as it was, or null where there is none or several. */
  readonly task: MetTask | null;
  /** Whether the claim's lease has not expired. */
  readonly live: boolean;
  /** Whether the token that came with the request is that of the claim. */
  readonly holds: boolean;
}

/** What a write to one task came to: what it made of the task, or the task as it was when nothing was changed. */
export type AddressedOutcome<R> =
  | { readonly done: R }
  | { readonly done: null; readonly task: MetTask; readonly live: boolean; readonly holds: boolean };

type Found = Coverage & { readonly taskId: string; readonly claimToken: number | null };
type FoundInProject = Found & { readonly projectId: string };
type Outcome<R> = FoundTask & { readonly done: R | null };

/** A write to one task, once for a request that names the project and once for one that does not. */
export interface AddressedWrite<V extends Values, R> {
  readonly inProject: Statement<V & FoundInProject, Outcome<R>>;
  readonly inAnyProject: Statement<V & Found, Outcome<R>>;
}

function matchesInProject(value: Bind<FoundInProject>): SQL {
  return sql`
      select task_id, project_id
      from ${tasks}
      where task_id = ${value('taskId')}
        and project_id = ${value('projectId')}
        and ${isCovered(value('projectId'), value('covered'))}`;
}

/** In all projects that the caller may know of; two are enough to see that there are several. */
function matchesInAnyProject(value: Bind<Found>): SQL {
  return sql`
      select task_id, project_id
      from ${tasks}
      where task_id = ${value('taskId')}
        and ${isCovered(sql`project_id`, value('covered'))}
      limit 2`;
}

/**
 * The steps that find a task, lock its row and judge the claim on it. The lock comes first, so that of several
 * requests each sees what its predecessor left (READ COMMITTED reads a row again that it waited for) and reports it
 * truly; the clock is read behind it, for the wait must not date a change before the one it follows.
 */
function lockTask(matches: SQL, claimToken: SQL): SQL {
  return sql`
    matches as (${matches}),
    locked as materialized (
      select tasks.*
      from ${tasks}
      join matches using (task_id, project_id)
      where (select count(*) from matches) = 1
      for update of tasks
    ),
    target as materialized (
      select
        timed.*,
        coalesce(lease_expires_at > now, false) as live,
        coalesce(claim_token = ${claimToken}::bigint, false) as holds
      from (select locked.*, task_clock() as now from locked) as timed
    )`;
}

function outcome(columns: SQL): SQL {
  return sql`
    select
      (select count(*) from matches) as matches,
      target.task_id as found_task,
      target.status as found_status,
      target.claimed_by as found_holder,
      ${isoMoment(sql`target.lease_expires_at`)} as found_lease,
      target.live,
      target.holds,
      ${columns}
    from (select) as one
    left join target on true
    left join done on true`;
}

function toFound(row: RawRow): FoundTask {
  const taskId = row['found_task'] as string | null;
  // The column is NOT NULL with a CHECK constraint, so that a task has a known status.
  const status = row['found_status'] as Status;
  const holder = toHolder({ claimed_by: row['found_holder'], lease_expires_at: row['found_lease'] });
  return {
    matches: Number(row['matches']),
    task: taskId === null ? null : { taskId, status, holder },
    live: row['live'] === true,
    holds: row['holds'] === true,
  };
}

/**
 * Defines a write to one task. `steps` go on from `target`, the locked row with `now`, `live` and `holds`, and end
 * with `done`, which has the changed row where one was changed; `columns` are those of `done` that `toDone` reads,
 * among them task_id.
 */
export function defineAddressedWrite<V extends Values, R>(definition: {
  name: string;
  steps: (value: Bind<V>) => SQL;
  columns: SQL;
  toDone: (row: RawRow) => R;
}): AddressedWrite<V, R> {
  const { name, steps, columns, toDone } = definition;
  const toRow = (row: RawRow) => ({ ...toFound(row), done: row['task_id'] === null ? null : toDone(row) });
  const parts = (value: Bind<V & Found>, matches: SQL) => ({
    steps: sql`${lockTask(matches, value('claimToken'))},${steps(value)}`,
    outcome: outcome(columns),
  });
  return {
    inProject: defineWrite<V & FoundInProject, Outcome<R>>({
      name,
      build: (value) => parts(value, matchesInProject(value)),
      toRow,
    }),
    inAnyProject: defineWrite<V & Found, Outcome<R>>({
      name: `${name}_of_any_project`,
      build: (value) => parts(value, matchesInAnyProject(value)),
      toRow,
    }),
  };
}

/**
 * Runs a write to the task that a request means. Where no project is named, those that the caller's credential does
 * not cover do not exist. Rejects with `project_forbidden`, `task_not_found` or `ambiguous_task`.
 */
export async function runAddressedWrite<V extends Values, R>(
  database: Database,
  write: AddressedWrite<V, R>,
  { taskId, projectId }: TaskAddress,
  values: V & { readonly claimToken: number | null },
  caller: Caller,
): Promise<AddressedOutcome<R>> {
  if (projectId !== undefined) requireProjects(caller, [projectId]);
  const all = { ...values, taskId, covered: boundProjects(caller) };
  const [found] =
    projectId === undefined
      ? await database.run(write.inAnyProject, all)
      : await database.run(write.inProject, { ...all, projectId });
  if (found === undefined) throw new Error('A write to one task always has an outcome');
  const { matches, task, done, live, holds } = found;
  if (done !== null) return { done };
  if (matches > 1) throw ambiguousTask(taskId);
  if (task === null) throw taskNotFound(taskId);
  return { done: null, task, live, holds };
}

/**
 * Runs a write that only the holder of the task's claim may do, and resolves with what it made of the task. Rejects
 * as `runAddressedWrite` does, and with `claimed_by_other` or `claim_lost` for a token of no claim or another's.
 */
export async function runHoldersWrite<V extends Values, R>(
  database: Database,
  write: AddressedWrite<V, R>,
  address: TaskAddress,
  values: V & { readonly claimToken: number },
  caller: Caller,
): Promise<R> {
  const outcome = await runAddressedWrite(database, write, address, values, caller);
  if ('task' in outcome) throw claimRefusal(outcome.task);
  return outcome.done;
}

/** The refusal of a request whose token is not that of the task's claim. */
export function claimRefusal(task: MetTask): DomainError {
  const { holder } = task;
  return holder === null ? claimLost(task) : claimedByOther({ ...task, holder });
}
