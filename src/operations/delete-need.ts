import { sql } from 'drizzle-orm/sql';
import { deleteNeedInput, needOutput } from '../contract/change-need.ts';
import { before } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Values = ProjectScope & { readonly project: string; readonly task_id: string; readonly need: string };

interface Outcome {
  readonly exists: boolean;
  /** Null where the task has no such need. */
  readonly task: Task | null;
}

const DELETE_NEED = defineWrite<Values, Outcome>({
  name: 'delete_need',
  build: (value) => {
    const allowed = isAllowed(value('project'), value('allowed_projects'));
    return {
      steps: sql`
    found as materialized (
      select
      from tasks
      where project_id = ${value('project')}
        and task_id = ${value('task_id')}
        and ${allowed}
    ),
    done as materialized (
      select changed.*, ${before('changed')}
      from found
      cross join lateral delete_need(${value('project')}, ${value('task_id')}, ${value('need')}) as changed
    )`,
      changes: [
        {
          rows: 'done',
          type: 'need_removed',
          data: sql`jsonb_build_object('need', ${value('need')}::text)`,
          goesOn: true,
          own: sql`true`,
        },
      ],
      outcome: sql`
    select exists (select from found) as is_there, ${taskColumns('done')}
    from (select) as one
    left join done on true`,
      repeated: sql`select true as is_there, ${taskColumns('done')} from done`,
    };
  },
  toRow: (row) => ({
    exists: row['is_there'] === true,
    task: row['task_id'] === null ? null : toTask(row),
  }),
});

/** Takes a need away. Rejects with `task_not_found`, or `no_such_need` where the task does not need the other. */
export const deleteNeed = defineOperation({
  name: 'delete_need',
  scope: 'write',
  summary: 'Let a task no longer need another',
  description:
    'Takes one need of a task away; a task that waited for nothing else is ready at once. Inputs that count as needs stay.',
  answer: 'The task with its count of unmet needs',
  errors: ['task_not_found', 'no_such_need'],
  input: deleteNeedInput,
  output: needOutput,
  projects: ({ project }) => [project],
  statements: [DELETE_NEED],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server', need: 'TASK-050' }],
  async run({ run }, { task_id, project, need }) {
    const [outcome] = await run(DELETE_NEED, { project, task_id, need });
    if (outcome?.exists !== true) throw refusal('task_not_found', { task_id });
    if (outcome.task === null) throw refusal('no_such_need', { task_id, need });
    return { updated_task: outcome.task };
  },
});
