import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema.ts';
import { defineStatement } from '../db/statement.ts';
import { taskColumns, toTask } from '../db/task-row.ts';
import { taskNotFound } from '../domain/errors.ts';
import type { Task } from '../domain/task.ts';

type Input = { readonly projectId: string; readonly taskId: string };

export const GET_TASK = defineStatement<Input, Task>({
  name: 'get_task',
  access: 'read',
  build: (value) => sql`
    select ${taskColumns('tasks')}
    from ${tasks}
    where task_id = ${value('taskId')}
      and project_id = ${value('projectId')}`,
  toRow: toTask,
});

/** One task of a project. Rejects with `task_not_found`. */
export async function getTask(database: Database, input: Input): Promise<Task> {
  const [task] = await database.run(GET_TASK, input);
  if (task === undefined) throw taskNotFound(input.taskId);
  return task;
}
