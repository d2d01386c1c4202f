import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { getTaskInput, getTaskOutput } from '../contract/get-task.ts';
import { constant } from '../db/sql/constant.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { needsOf } from '../db/sql/needs-of.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow } from '../db/statement.ts';
import { ATTEMPT_LIMITS } from '../domain/attempts.ts';
import { refusal } from '../domain/errors/index.ts';
import type { ExplainedNeed } from '../domain/explain.ts';
import { defineOperation } from './define-operation.ts';
import { toShownNeeds } from './shown-needs.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Address = ProjectScope & { readonly project: string; readonly task_id: string };
type Found = z.output<typeof getTaskOutput>;

const selectTask = (value: Bind<Address>, more: SQL): SQL => sql`
    select ${taskColumns('tasks')}${more}
    from tasks
    where task_id = ${value('task_id')}
      and project_id = ${value('project')}
      and ${isAllowed(value('project'), value('allowed_projects'))}`;

const GET_TASK = defineRead<Address, Task>({
  name: 'get_task',
  build: (value) => selectTask(value, sql``),
  toRow: toTask,
});

const ATTEMPTS = sql`(
        select coalesce(
          jsonb_agg(
            jsonb_build_object(
              'agent_id', agent_id, 'attempt', attempt, 'began_at', ${isoMoment(sql`began_at`)},
              'ended_at', ${isoMoment(sql`ended_at`)}, 'outcome', outcome, 'error', error, 'progress', progress,
              'usage', usage
            )
            order by seq desc
          ),
          '[]'
        )
        from (
          select *
          from attempts
          where attempts.project_id = tasks.project_id
            and attempts.task_id = tasks.task_id
          order by seq desc
          limit ${constant(ATTEMPT_LIMITS.shown)}
        ) as newest
      )`;

const GET_TASK_WHOLE = defineRead<Address, Required<Found>>({
  name: 'get_task_whole',
  build: (value) =>
    selectTask(value, sql`, tasks.checkpoint, ${ATTEMPTS} as attempts, ${needsOf('tasks')} as needs`),
  toRow: (row: RawRow) => ({
    task: toTask(row),
    // jsonb_build_object above gives the attempts their shape.
    attempts: row['attempts'] as Required<Found>['attempts'],
    checkpoint: row['checkpoint'],
    // needsOf gives the needs their shape.
    needs: toShownNeeds(row['needs'] as ExplainedNeed[]),
  }),
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
  statements: [GET_TASK, GET_TASK_WHOLE],
  examples: [
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server' },
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server', include: 'attempts,checkpoint' },
  ],
  async run({ run }, { task_id, project, include }) {
    const address = { task_id, project };
    if (include.length === 0) {
      const [task] = await run(GET_TASK, address);
      if (task === undefined) throw refusal('task_not_found', { task_id });
      return { task };
    }
    const [found] = await run(GET_TASK_WHOLE, address);
    if (found === undefined) throw refusal('task_not_found', { task_id });
    const { task, attempts, checkpoint, needs } = found;
    return {
      task,
      ...(include.includes('attempts') ? { attempts } : {}),
      ...(include.includes('checkpoint') ? { checkpoint } : {}),
      ...(include.includes('needs') ? { needs } : {}),
    };
  },
});
