import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { taskColumns, toTask } from '../db/sql/task-row.ts';
import { defineRead } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects } from '../domain/access.ts';
import type { Status, Task } from '../domain/task.ts';

type Input = { readonly projectId: string; readonly status: Status };
type OfProject = Coverage & { readonly projectId: string };

/** The task that a claim would give out now, unless one of a dead agent comes before it. */
export const NEXT_DUE_TASK = defineRead<OfProject, Task>({
  name: 'next_due_task',
  build: (value) => sql`
    select ${taskColumns('tasks')}
    from ${tasks}
    where project_id = ${value('projectId')}
      and status = 'pending'
      and claimable_at <= (select task_clock())
      and ${isCovered(value('projectId'), value('covered'))}
    order by priority, seq
    limit 1`,
  toRow: toTask,
});

export const NEXT_TASK_OF_STATUS = defineRead<Input & Coverage, Task>({
  name: 'next_task_of_status',
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
 * The task of that project and status that comes first, or null. Of the pending ones it is the first that is due, by
 * priority and then age; of the others the oldest. It only looks: nothing is claimed. Rejects with
 * `project_forbidden`.
 */
export async function nextTask(
  database: Database,
  { projectId, status }: Input,
  caller: Caller,
): Promise<Task | null> {
  requireProjects(caller, [projectId]);
  const values = { projectId, covered: boundProjects(caller) };
  const [task] =
    status === 'pending'
      ? await database.run(NEXT_DUE_TASK, values)
      : await database.run(NEXT_TASK_OF_STATUS, { ...values, status });
  return task ?? null;
}
