import { sql } from 'drizzle-orm/sql';
import { getTaskInput, getTaskOutput } from '../contract/get-task.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRead } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

const GET_TASK = defineRead<ProjectScope & { readonly project: string; readonly task_id: string }, Task>({
  name: 'get_task',
  build: (value) => sql`
    select ${taskColumns('tasks')}
    from tasks
    where task_id = ${value('task_id')}
      and project_id = ${value('project')}
      and ${isAllowed(value('project'), value('allowed_projects'))}`,
  toRow: toTask,
});

/** One task of a project. Rejects with `task_not_found`. */
export const getTask = defineOperation({
  name: 'get_task',
  scope: 'read',
  summary: 'Get a task of a project',
  answer: 'The task',
  errors: ['task_not_found'],
  input: getTaskInput,
  output: getTaskOutput,
  projects: ({ project }) => [project],
  statements: [GET_TASK],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server' }],
  async run({ run }, { task_id, project }) {
    const [task] = await run(GET_TASK, { task_id, project });
    if (task === undefined) throw refusal('task_not_found', { task_id });
    return { task };
  },
});
