import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { nextTaskInput, nextTaskOutput } from '../contract/next-task.ts';
import { isPast } from '../db/sql/moment.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead } from '../db/statement.ts';
import type { Status } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type NextTask = z.output<typeof nextTaskOutput>;
type OfProject = ProjectScope & { readonly project: string };

const first = (value: Bind<OfProject>, condition: SQL): SQL => sql`
      (
        select *
        from tasks
        where project_id = ${value('project')}
          and status = 'pending'
          and ${condition}
          and ${isAllowed(value('project'), value('allowed_projects'))}
        order by priority, seq
        limit 1
      )`;

/** What a claim would take now, unless a dead agent's task comes first. */
const NEXT_DUE_TASK = defineRead<OfProject, Task>({
  name: 'next_due_task',
  build: (value) => sql`
    select ${taskColumns('due')}
    from (${first(value, sql`ready_at is null`)}
      union all${first(value, isPast(sql`ready_at`, sql`(select task_clock())`))}
    ) as due
    order by priority, seq
    limit 1`,
  toRow: toTask,
});

const NEXT_TASK_OF_STATUS = defineRead<OfProject & { readonly status: Status }, Task>({
  name: 'next_task_of_status',
  build: (value) => sql`
    select ${taskColumns('tasks')}
    from tasks
    where project_id = ${value('project')}
      and status = ${value('status')}
      and ${isAllowed(value('project'), value('allowed_projects'))}
    order by seq
    limit 1`,
  toRow: toTask,
});

/** The first due pending task by priority, then age; of another status the oldest; else null. Claims nothing. */
export const nextTask = defineOperation({
  name: 'next_task',
  scope: 'read',
  summary: 'Get the next task of a project',
  description:
    'Returns the first due pending task, by priority and then age, or the oldest task of another status. It claims nothing: two agents that ask at once get the same task, and the one whose move to in_progress succeeds has it.',
  answer: 'The task, or null with a message if there is none',
  errors: [],
  input: nextTaskInput,
  output: nextTaskOutput,
  projects: ({ project }) => [project],
  statements: [NEXT_DUE_TASK, NEXT_TASK_OF_STATUS],
  examples: [{ project: 'ai-agent-mcp-server' }, { project: 'ai-agent-mcp-server', status: 'in_progress' }],
  async run({ run, wait }, { project, status, wait_seconds }) {
    return await wait<NextTask>(wait_seconds, async () => {
      const [task] =
        status === 'pending'
          ? await run(NEXT_DUE_TASK, { project })
          : await run(NEXT_TASK_OF_STATUS, { project, status });
      return task === undefined
        ? { value: { task: null, message: `No ${status} tasks for project` }, isDone: false }
        : { value: { task }, isDone: true };
    });
  },
});
