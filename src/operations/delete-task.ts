import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { taskColumns, toTask } from '../db/sql/task-row.ts';
import { defineWrite } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import { taskNotFound } from '../domain/errors.ts';
import type { Task } from '../domain/task.ts';

type Input = { readonly projectId: string; readonly taskId: string };

export const DELETE_TASK = defineWrite<Input & Coverage, Task | null>({
  name: 'delete_task',
  build: (value) => ({
    steps: sql`
    deleted as (
      delete from ${tasks}
      where task_id = ${value('taskId')}
        and project_id = ${value('projectId')}
        and ${isCovered(value('projectId'), value('covered'))}
      returning tasks.*
    )`,
    // A row also where there was no such task: only what has an outcome is recorded.
    outcome: sql`
    select ${taskColumns('deleted')}
    from (select) as one
    left join deleted on true`,
  }),
  toRow: (row) => (row['task_id'] === null ? null : toTask(row)),
});

/**
 * Deletes a task of a project, whatever its status, and returns it as it was. Rejects with `project_forbidden` or
 * `task_not_found`. Its id may then be given to another task.
 */
export async function deleteTask(database: Database, input: Input, caller: Caller): Promise<Task> {
  requireProjects(caller, [input.projectId]);
  const [task] = await database.run(DELETE_TASK, { ...input, covered: boundProjects(caller) });
  if (task === undefined) throw new Error('A deletion always has an outcome');
  if (task === null) throw taskNotFound(input.taskId);
  return task;
}
