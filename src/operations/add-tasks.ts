import { sql } from 'drizzle-orm';
import { type Database, isViolationOf } from '../db/database.ts';
import { TASKS_PKEY, tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { defineWrite } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import { type TaskIdentity, tasksExist } from '../domain/errors.ts';
import type { NewTask } from '../domain/task.ts';

type Batch = Coverage & { readonly batch: string };

interface Outcome {
  /** Those tasks of the batch that were there already; when there are any, nothing was added. */
  readonly existing: readonly TaskIdentity[];
}

/**
 * All or nothing: the rows are inserted only where none of them exists. `seq` counts in the order of the array,
 * but the rows go in by key: batches that share ids then wait for each other in one order and cannot deadlock.
 * Each row is dated as it is numbered, so that the order of a list is that of the times it shows.
 * The whole batch is one parameter, so that the text is the same for any size.
 */
export const ADD_TASKS = defineWrite<Batch, Outcome>({
  name: 'add_tasks',
  build: (value) => ({
    steps: sql`
    incoming as materialized (
      select *
      from rows from (
        jsonb_to_recordset(${value('batch')}::jsonb) as (
          "taskId" text, "projectId" text, description text, "generatorName" text, status text,
          inputs jsonb, "expectedOutputs" jsonb, "contextNotes" text,
          priority smallint, "notBefore" timestamptz, "maxAttempts" smallint
        )
      ) with ordinality as incoming (
        task_id, project_id, description, generator_name, status,
        inputs, expected_outputs, context_notes,
        priority, not_before, max_attempts, position
      )
      where ${isCovered(sql`project_id`, value('covered'))}
    ),
    existing as materialized (
      select incoming.task_id, incoming.project_id, incoming.position
      from incoming
      join ${tasks} using (task_id, project_id)
    ),
    numbered as materialized (
      select ordered.*, nextval(pg_get_serial_sequence('tasks', 'seq')) as seq, task_clock() as now
      from (select * from incoming where not exists (select from existing) order by position) as ordered
    ),
    added as (
      insert into ${tasks} (
        task_id, project_id, seq, description, generator_name, status,
        inputs, expected_outputs, context_notes,
        priority, not_before, max_attempts,
        created_at, updated_at, pending_at, started_at, completed_at
      )
      overriding system value
      select
        task_id, project_id, seq, description, generator_name, status,
        inputs, expected_outputs, context_notes,
        priority, not_before, max_attempts,
        now, now,
        case when status = 'pending' then now end,
        case when status = 'in_progress' then now end,
        case when status = 'completed' then now end
      from numbered
      order by task_id, project_id
    )`,
    outcome: sql`
    select coalesce(
      jsonb_agg(jsonb_build_object('project_id', project_id, 'task_id', task_id) order by position),
      '[]'
    ) as existing
    from existing`,
  }),
  // jsonb_build_object above gives the rows their shape.
  toRow: (row) => ({ existing: row['existing'] as TaskIdentity[] }),
});

/** How often a batch that lost a race for an id looks again for all the ids that exist. */
const LOOKS = 3;

/**
 * Adds all tasks or none. Rejects with `project_forbidden` where the caller's credential does not cover a task's
 * project, and with `task_exists`, naming every task that exists already. A batch that loses a race learns of one id only, from the index; running again finds them all.
 */
export async function addTasks(database: Database, batch: readonly NewTask[], caller: Caller): Promise<void> {
  const projects = batch.map((task) => task.projectId);
  requireProjects(caller, projects);
  const values = { batch: JSON.stringify(batch), covered: boundProjects(caller) };
  for (let look = 1; ; look += 1) {
    try {
      const [outcome] = await database.run(ADD_TASKS, values);
      const existing = outcome?.existing ?? [];
      if (existing.length > 0) throw tasksExist(existing);
      return;
    } catch (error) {
      if (!isViolationOf(error, TASKS_PKEY) || look === LOOKS) throw error;
    }
  }
}
