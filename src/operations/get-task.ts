import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { taskColumns, toTask } from '../db/sql/task-row.ts';
import { defineRead } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import { taskNotFound } from '../domain/errors.ts';
import type { Task } from '../domain/task.ts';

type Input = { readonly projectId: string; readonly taskId: string };

export const GET_TASK = defineRead<Input & Coverage, Task>({
  name: 'get_task',
  build: (value) => sql`
    select ${taskColumns('tasks')}
    from ${tasks}
    where task_id = ${value('taskId')}
      and project_id = ${value('projectId')}
      and ${isCovered(value('projectId'), value('covered'))}`,
  toRow: toTask,
});

/** One task of a project. Rejects with `project_forbidden` or `task_not_found`. */
export async function getTask(database: Database, input: Input, caller: Caller): Promise<Task> {
  requireProjects(caller, [input.projectId]);
  const [task] = await database.run(GET_TASK, { ...input, covered: boundProjects(caller) });
  if (task === undefined) throw taskNotFound(input.taskId);
  return task;
}
