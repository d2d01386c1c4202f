import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { nextTaskInput, nextTaskOutput } from '../contract/next-task.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { isLate } from '../db/sql/ready.ts';
import { type Bind, defineRead } from '../db/statement.ts';
import type { Status } from '../domain/task.ts';
import { defineOperation, type Work } from './define-operation.ts';
import { isPaused } from './shown-project.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type NextTask = z.output<typeof nextTaskOutput>;
type OfProject = ProjectScope & { readonly project: string };

interface Found {
  readonly task: Task | null;
  /** Not null while the project is paused. */
  readonly pauseReason: string | null;
}

const NOTHING: Found = { task: null, pauseReason: null };

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

/** What a claim would take now, unless a dead agent's task comes first; or why the project gives no task. */
const NEXT_DUE_TASK = defineRead<OfProject, Found>({
  name: 'next_due_task',
  build: (value) => sql`
    with paused as materialized (
      select pause_reason
      from projects
      where project_id = ${value('project')}
        and ${isPaused('projects', sql`task_clock()`)}
        and ${isAllowed(value('project'), value('allowed_projects'))}
    )
    select paused.pause_reason, ${taskColumns('due')}
    from paused
    full join (
      select *
      from (${first(value, sql`ready_at is null`)}
      union all${first(value, isLate(sql`(select task_clock())`))}
      ) as first
      where not exists (select from paused)
      order by priority, seq
      limit 1
    ) as due on true`,
  toRow: (row) => ({
    task: row['task_id'] === null ? null : toTask(row),
    pauseReason: row['pause_reason'] as string | null,
  }),
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
      const { task, pauseReason } = await lookFor({ run }, project, status);
      if (task !== null) return { value: { task }, isDone: true };
      const message =
        pauseReason === null ? `No ${status} tasks for project` : `The project is paused: ${pauseReason}`;
      return { value: { task: null, message }, isDone: false };
    });
  },
});

async function lookFor({ run }: Pick<Work, 'run'>, project: string, status: Status): Promise<Found> {
  if (status === 'pending') {
    const [found] = await run(NEXT_DUE_TASK, { project });
    return found ?? NOTHING;
  }
  const [task = null] = await run(NEXT_TASK_OF_STATUS, { project, status });
  return { task, pauseReason: null };
}
