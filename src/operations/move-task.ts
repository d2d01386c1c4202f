import { type SQL, sql } from 'drizzle-orm';
import { type Coverage, isCovered } from '../db/coverage.ts';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema.ts';
import { defineStatement, type RawRow } from '../db/statement.ts';
import { taskColumns, toTask } from '../db/task-row.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import { ambiguousTask, invalidTransition, taskNotFound } from '../domain/errors.ts';
import type { Status, Task } from '../domain/task.ts';
import type { TransitionPlan } from '../domain/transitions.ts';

interface Input {
  readonly taskId: string;
  /** The project of the task; when absent, the id must be in one project only. */
  readonly projectId?: string | undefined;
  readonly plan: TransitionPlan;
  /** Kept with the task when not empty. */
  readonly completionNotes: string | null;
}

type Move = Coverage & {
  readonly taskId: string;
  readonly to: Status;
  readonly moveFrom: readonly Status[];
  readonly resetFrom: readonly Status[];
  readonly completionNotes: string | null;
};
type MoveInProject = Move & { readonly projectId: string };

/** What the statement found and did. */
interface Outcome {
  /** How many tasks that the caller may know of have that id: 0, 1, or 2 for several. */
  readonly matches: number;
  readonly found: Status | null;
  readonly moved: Task | null;
}

function toOutcome(row: RawRow): Outcome {
  return {
    matches: Number(row['matches']),
    // The CHECK constraint on tasks.status guarantees a known status.
    found: row['found'] as Status | null,
    moved: row['task_id'] === null ? null : toTask(row),
  };
}

/**
 * Compare and set. `target` locks the row first, so that of several movers each sees the status its
 * predecessor left (READ COMMITTED re-reads a row that it waited for) and reports it truly.
 * clock_timestamp(), not now(): the wait for the lock must not date a change before the one it follows.
 */
const moveStatement = (value: (name: keyof Move) => SQL, matches: SQL) => sql`
    with matches as (${matches}),
    target as (
      select tasks.task_id, tasks.project_id, tasks.status
      from ${tasks}
      join matches using (task_id, project_id)
      where (select count(*) from matches) = 1
      for update of tasks
    ),
    moved as (
      update ${tasks}
      set status = ${value('to')},
          updated_at = clock_timestamp(),
          completed_at = case when ${value('to')} = 'completed' then clock_timestamp() end,
          pending_at = case when ${value('to')} = 'pending' then clock_timestamp() else tasks.pending_at end,
          started_at = case ${value('to')}
            when 'in_progress' then clock_timestamp()
            when 'pending' then null
            else tasks.started_at
          end,
          completion_notes = case
            when target.status = any(${value('resetFrom')}::text[]) then null
            else coalesce(nullif(${value('completionNotes')}::text, ''), tasks.completion_notes)
          end
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.status = any(${value('moveFrom')}::text[] || ${value('resetFrom')}::text[])
      returning tasks.*
    )
    select (select count(*) from matches) as matches, target.status as found, ${taskColumns('moved')}
    from (select) as one
    left join target on true
    left join moved on true`;

export const MOVE_TASK = defineStatement<MoveInProject, Outcome>({
  name: 'move_task',
  access: 'write',
  build: (value) =>
    moveStatement(
      value,
      sql`
      select task_id, project_id
      from ${tasks}
      where task_id = ${value('taskId')}
        and project_id = ${value('projectId')}
        and ${isCovered(value('projectId'), value('covered'))}`,
    ),
  toRow: toOutcome,
});

export const MOVE_TASK_OF_ANY_PROJECT = defineStatement<Move, Outcome>({
  name: 'move_task_of_any_project',
  access: 'write',
  build: (value) =>
    moveStatement(
      value,
      sql`
      select task_id, project_id
      from ${tasks}
      where task_id = ${value('taskId')}
        and ${isCovered(sql`project_id`, value('covered'))}
      limit 2`,
    ),
  toRow: toOutcome,
});

/**
 * Moves a task to another status if, and only if, the plan allows it from the status it has at that moment.
 * Where no project is named, those that the caller's credential does not cover do not exist. Rejects with
 * `project_forbidden`, `task_not_found`, `ambiguous_task` or `invalid_transition`, and then changes nothing.
 */
export async function moveTask(database: Database, input: Input, caller: Caller): Promise<Task> {
  const { taskId, projectId, plan, completionNotes } = input;
  if (projectId !== undefined) requireProjects(caller, [projectId]);
  const { to, moveFrom, resetFrom } = plan;
  const move = { taskId, to, moveFrom, resetFrom, completionNotes, covered: boundProjects(caller) };
  const [outcome] =
    projectId === undefined
      ? await database.run(MOVE_TASK_OF_ANY_PROJECT, move)
      : await database.run(MOVE_TASK, { ...move, projectId });
  if (outcome?.moved) return outcome.moved;
  if (outcome !== undefined && outcome.matches > 1) throw ambiguousTask(taskId);
  if (!outcome?.found) throw taskNotFound(taskId);
  throw invalidTransition(outcome.found, to);
}
