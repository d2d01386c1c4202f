import { sql } from 'drizzle-orm/sql';
import { deleteTaskInput, deleteTaskOutput } from '../contract/delete-task.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRecordedWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Values = ProjectScope & {
  readonly project: string;
  readonly task_id: string;
  readonly purge: boolean;
};

const DELETE_TASK = defineRecordedWrite<Values, Task | null>({
  name: 'delete_task',
  build: (value, setCaller) => ({
    steps: sql`
    deleted as materialized (
      select gone.*
      from (
        select ${setCaller} as caller
        where ${isAllowed(value('project'), value('allowed_projects'))}
      ) as allowed
      cross join lateral delete_task(${value('project')}, ${value('task_id')}, ${value('purge')}::boolean) as gone
      where allowed.caller is not null
    )`,
    // A row even without a task: only outcomes are recorded.
    outcome: sql`
    select ${taskColumns('deleted')}
    from (select) as one
    left join deleted on true`,
  }),
  toRow: (row) => (row['task_id'] === null ? null : toTask(row)),
});

/** Deletes a task in any status; its id stays taken as long as it can be restored. Rejects with `task_not_found`. */
export const deleteTask = defineOperation({
  name: 'delete_task',
  scope: 'admin',
  summary: 'Delete a task of a project',
  description:
    'Deletes a task in any status: nothing shows it any more, but it can be restored for a while, and its id stays taken meanwhile. With purge, it is deleted for good. Use it to clean up; cancel work that is not needed.',
  answer: 'The task as it was',
  errors: ['task_not_found'],
  input: deleteTaskInput,
  output: deleteTaskOutput,
  projects: ({ project }) => [project],
  statements: [DELETE_TASK],
  examples: [
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server' },
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server', purge: true },
  ],
  async run({ run }, { task_id, project, purge = false }) {
    const [task] = await run(DELETE_TASK, { task_id, project, purge });
    if (task === undefined) throw new Error('A deletion always has an outcome');
    if (task === null) throw refusal('task_not_found', { task_id });
    return { deleted_task: task };
  },
});
