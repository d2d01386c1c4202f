import { sql } from 'drizzle-orm/sql';
import { restoreTaskInput, restoreTaskOutput } from '../contract/delete-task.ts';
import { isViolationOf } from '../db/failures.ts';
import { TASKS_PKEY } from '../db/schema/names.ts';
import { BEFORE_NOTHING } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Values = ProjectScope & { readonly project: string; readonly task_id: string };

const RESTORE_TASK = defineWrite<Values, Task | null>({
  name: 'restore_task',
  build: (value) => ({
    steps: sql`
    done as materialized (
      select restored.*, ${BEFORE_NOTHING}
      from (select where ${isAllowed(value('project'), value('allowed_projects'))}) as allowed
      cross join lateral restore_task(${value('project')}, ${value('task_id')}) as restored
    )`,
    changes: [{ rows: 'done', type: 'restored', own: sql`true` }],
    // A row even without a task: whoever repeats the request is told what the first one came to.
    outcome: sql`
    select ${taskColumns('done')}
    from (select) as one
    left join done on true`,
    repeated: sql`select ${taskColumns('done')} from done`,
  }),
  toRow: (row) => (row['task_id'] === null ? null : toTask(row)),
});

/** Brings a deleted task back. Rejects as `errors` says, and then changes nothing. */
export const restoreTask = defineOperation({
  name: 'restore_task',
  scope: 'admin',
  summary: 'Restore a deleted task',
  description:
    'Brings a deleted task back as it was, with its notes, attempts and needs, at its place in the order of creation. A claim that it had is over, and the task is pending then. What waited for it waits again, unless it was cancelled.',
  answer: 'The task as it is now',
  errors: ['not_deleted', 'task_exists', 'need_not_found', 'need_cycle', 'artifact_has_producer'],
  input: restoreTaskInput,
  output: restoreTaskOutput,
  projects: ({ project }) => [project],
  statements: [RESTORE_TASK],
  examples: [{ task_id: 'TASK-049', project: 'ai-agent-mcp-server' }],
  async run({ run }, { task_id, project }) {
    const [task] = await run(RESTORE_TASK, { task_id, project }).catch((error: unknown) => {
      if (!isViolationOf(error, TASKS_PKEY)) throw error;
      throw refusal('task_exists', { existing: [{ project_id: project, task_id }] });
    });
    if (task === undefined) throw new Error('A restoration always has an outcome');
    if (task === null) throw refusal('not_deleted', { task_id });
    return { restored_task: task };
  },
});
