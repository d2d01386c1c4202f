import { sql } from 'drizzle-orm/sql';
import { deleteTaskInput, deleteTaskOutput } from '../contract/delete-task.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRecordedWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Values = ProjectScope & { readonly project: string; readonly task_id: string };

const DELETE_TASK = defineRecordedWrite<Values, Task | null>({
  name: 'delete_task',
  build: (value, setCaller) => ({
    steps: sql`
    target as materialized (
      select task_id, project_id, ${setCaller} as caller
      from tasks
      where task_id = ${value('task_id')}
        and project_id = ${value('project')}
        and ${isAllowed(value('project'), value('allowed_projects'))}
      for update of tasks
    ),
    deleted as (
      delete from tasks
      using target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.caller is not null
      returning tasks.*
    )`,
    // A row even without a task: only outcomes are recorded.
    outcome: sql`
    select ${taskColumns('deleted')}
    from (select) as one
    left join deleted on true`,
  }),
  toRow: (row) => (row['task_id'] === null ? null : toTask(row)),
});

/** Deletes a task in any status; its id is free again. Rejects with `task_not_found`. */
export const deleteTask = defineOperation({
  name: 'delete_task',
  scope: 'admin',
  summary: 'Delete a task of a project',
  description: 'Deletes a task for good, in any status. Use it to clean up; cancel work that is not needed.',
  answer: 'The task as it was',
  errors: ['task_not_found'],
  input: deleteTaskInput,
  output: deleteTaskOutput,
  projects: ({ project }) => [project],
  statements: [DELETE_TASK],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server' }],
  async run({ run }, { task_id, project }) {
    const [task] = await run(DELETE_TASK, { task_id, project });
    if (task === undefined) throw new Error('A deletion always has an outcome');
    if (task === null) throw refusal('task_not_found', { task_id });
    return { deleted_task: task };
  },
});
