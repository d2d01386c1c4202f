import { sql } from 'drizzle-orm';
import { type Coverage, isCovered } from '../db/coverage.ts';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema.ts';
import { defineStatement } from '../db/statement.ts';
import { taskColumns, toTask } from '../db/task-row.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import type { Status, Task } from '../domain/task.ts';

type Input = { readonly projectId: string; readonly status: Status };

export const NEXT_TASK = defineStatement<Input & Coverage, Task>({
  name: 'next_task',
  access: 'read',
  build: (value) => sql`
    select ${taskColumns('tasks')}
    from ${tasks}
    where project_id = ${value('projectId')}
      and status = ${value('status')}
      and ${isCovered(value('projectId'), value('covered'))}
    order by seq
    limit 1`,
  toRow: toTask,
});

/**
 * The task of that project and status that was created first, or null. It only looks: nothing is claimed.
 * Rejects with `project_forbidden`.
 */
export async function nextTask(database: Database, input: Input, caller: Caller): Promise<Task | null> {
  requireProjects(caller, [input.projectId]);
  const [task] = await database.run(NEXT_TASK, { ...input, covered: boundProjects(caller) });
  return task ?? null;
}
