import { type SQL, sql } from 'drizzle-orm/sql';
import type { Change } from '../db/sql/log.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import {
  type Bind,
  defineRenewal,
  defineWrite,
  type RawRow,
  type Statement,
  type Values,
} from '../db/statement.ts';
import { type DomainError, refusal } from '../domain/errors/index.ts';
import type { MetTask } from '../domain/errors/tasks.ts';
import type { Status } from '../domain/task.ts';
import type { Work } from './define-operation.ts';

export interface TaskAddress {
  readonly task_id: string;
  /** Without it, the id must be in one project only. */
  readonly project?: string | undefined;
}

interface FoundTask {
  /** Visible tasks with that id: 0, 1, or 2 for several. */
  readonly matches: number;
  /** As it was under the lock; null where none or several match. */
  readonly task: MetTask | null;
  readonly live: boolean;
  /** The request has the token of the claim. */
  readonly holds: boolean;
  /** What else may stand in the way, by the definition. */
  readonly obstacle: unknown;
}

export type AddressedOutcome<R> =
  | { readonly done: R }
  | ({ readonly done: null; readonly task: MetTask } & Pick<FoundTask, 'live' | 'holds' | 'obstacle'>);

type Found = ProjectScope & { readonly task_id: string; readonly claim_token: string | null };
type FoundInProject = Found & { readonly project: string };
type Outcome<R> = FoundTask & { readonly done: R | null };

export interface AddressedWrite<V extends Values, R> {
  readonly inProject: Statement<V & FoundInProject, Outcome<R>>;
  readonly inAnyProject: Statement<V & Found, Outcome<R>>;
}

function matchesInProject(value: Bind<FoundInProject>): SQL {
  return sql`
      select task_id, project_id
      from tasks
      where task_id = ${value('task_id')}
        and project_id = ${value('project')}
        and ${isAllowed(value('project'), value('allowed_projects'))}`;
}

/** Two rows are enough to see that there are several. */
function matchesInAnyProject(value: Bind<Found>): SQL {
  return sql`
      select task_id, project_id
      from tasks
      where task_id = ${value('task_id')}
        and ${isAllowed(sql`project_id`, value('allowed_projects'))}
      limit 2`;
}

// Locks the row before it judges it, so a request that waited sees what its predecessor left (READ COMMITTED). Reads
// the clock after the lock, or a change could be dated before the one it follows.
function lockTask(matches: SQL, claimToken: SQL): SQL {
  return sql`
    matches as (${matches}),
    locked as materialized (
      select tasks.*
      from tasks
      join matches using (task_id, project_id)
      where (select count(*) from matches) = 1
      for update of tasks
    ),
    target as materialized (
      select
        task_id, project_id, status, attempt, max_attempts, claimed_by, claim_token, lease_expires_at, started_at,
        progress, usage, expected_outputs, artifacts, unmet_needs, now,
        coalesce(lease_expires_at > now, false) as live,
        claim_token is not null and coalesce(last_claim_token = ${claimToken}::text, false) as holds
      from (select locked.*, task_clock() as now from locked) as timed
    )`;
}

function outcome(columns: SQL, obstacle: SQL): SQL {
  return sql`
    select
      (select count(*) from matches) as matches,
      target.task_id as found_task,
      target.status as found_status,
      target.claimed_by as found_holder,
      ${isoMoment(sql`target.lease_expires_at`)} as found_lease,
      target.live,
      target.holds,
      ${obstacle} as obstacle,
      ${columns}
    from (select) as one
    left join target on true
    left join done on true`;
}

function toFound(row: RawRow): FoundTask {
  const task_id = row['found_task'] as string | null;
  const agent_id = row['found_holder'] as string | null;
  // NOT NULL and a CHECK constraint guarantee a known status.
  const status = row['found_status'] as Status;
  // The CHECK constraint tasks_claims_are_whole guarantees a lease where there is a holder.
  const holder = agent_id === null ? null : { agent_id, lease_expires_at: row['found_lease'] as string };
  return {
    matches: Number(row['matches']),
    task: task_id === null ? null : { task_id, status, holder },
    live: row['live'] === true,
    holds: row['holds'] === true,
    obstacle: row['obstacle'] ?? null,
  };
}

/** The outcome of a request that was done before. */
function repeatedOutcome(columns: SQL): SQL {
  return sql`
    select
      1 as matches,
      null::text as found_task,
      null::text as found_status,
      null::text as found_holder,
      null::text as found_lease,
      false as live,
      true as holds,
      null::jsonb as obstacle,
      ${columns}
    from done`;
}

interface Definition<V extends Values, R> {
  readonly name: string;
  readonly steps: (value: Bind<V>) => SQL;
  /** Without any, the write comes to the same when it is done twice. */
  readonly changes?: (value: Bind<V>) => readonly Change[];
  readonly columns: () => SQL;
  /** JSON that tells why nothing was done; null by default. */
  readonly obstacle?: SQL;
  readonly toDone: (row: RawRow) => R;
}

/** `steps` go on from `target`, what `locked` tells with `now`, `live` and `holds`, and end with `done`, the changed row. */
export function defineAddressedWrite<V extends Values, R>({
  name,
  steps,
  changes,
  columns,
  obstacle = sql`null::jsonb`,
  toDone,
}: Definition<V, R>): AddressedWrite<V, R> {
  const toRow = (row: RawRow) => ({ ...toFound(row), done: row['task_id'] === null ? null : toDone(row) });
  const define = <Bound extends V & Found>(suffix: string, matches: (value: Bind<Bound>) => SQL) => {
    const parts = (value: Bind<Bound>) => ({
      steps: sql`${lockTask(matches(value), value('claim_token'))},${steps(value)}`,
      outcome: outcome(columns(), obstacle),
    });
    const base = { name: `${name}${suffix}`, toRow };
    if (changes === undefined) return defineRenewal<Bound, Outcome<R>>({ ...base, build: parts });
    return defineWrite<Bound, Outcome<R>>({
      ...base,
      build: (value) => ({
        ...parts(value),
        changes: changes(value),
        repeated: repeatedOutcome(columns()),
      }),
    });
  };
  return {
    inProject: define<V & FoundInProject>('', matchesInProject),
    inAnyProject: define<V & Found>('_of_any_project', matchesInAnyProject),
  };
}

/** Refusals of a write that may need a claim's token. */
export const CLAIM_ERRORS = ['task_not_found', 'ambiguous_task', 'claimed_by_other', 'claim_lost'] as const;

export function statementsOf<V extends Values, R>({ inProject, inAnyProject }: AddressedWrite<V, R>) {
  return [inProject, inAnyProject];
}

/** Runs a write to one task. Rejects with `task_not_found`, or with `ambiguous_task` where no project is named. */
export async function runAddressedWrite<V extends Values, R>(
  { run }: Work,
  write: AddressedWrite<V, R>,
  { task_id, project }: TaskAddress,
  values: V & { readonly claim_token: string | null },
): Promise<AddressedOutcome<R>> {
  const all = { ...values, task_id };
  const [found] =
    project === undefined
      ? await run(write.inAnyProject, withoutScope<V & Found>(all))
      : await run(write.inProject, withoutScope<V & FoundInProject>({ ...all, project }));
  if (found === undefined) throw new Error('A write to one task always has an outcome');
  const { matches, task, done, ...rest } = found;
  if (done !== null) return { done };
  if (matches > 1) throw refusal('ambiguous_task', { task_id });
  if (task === null) throw refusal('task_not_found', { task_id });
  return { done: null, task, ...rest };
}

/** The compiler cannot see that `values` has all of V but what `run` binds. */
function withoutScope<V extends ProjectScope>(values: object): Omit<V, keyof ProjectScope> {
  return values as Omit<V, keyof ProjectScope>;
}

/** Runs a write that needs the claim's token. Rejects with CLAIM_ERRORS. */
export async function runHoldersWrite<V extends Values, R>(
  work: Work,
  write: AddressedWrite<V, R>,
  address: TaskAddress,
  values: V & { readonly claim_token: string },
): Promise<R> {
  const outcome = await runAddressedWrite(work, write, address, values);
  if ('task' in outcome) throw claimRefusal(outcome.task);
  return outcome.done;
}

/** The refusal of a request whose token is not that of the task's claim. */
export function claimRefusal(task: MetTask): DomainError {
  return refusal(task.holder === null ? 'claim_lost' : 'claimed_by_other', task);
}
