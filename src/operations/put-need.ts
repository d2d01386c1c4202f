import { sql } from 'drizzle-orm/sql';
import { needOutput, putNeedInput } from '../contract/change-need.ts';
import { before } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { needGroupOf } from '../domain/graph.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Values = ProjectScope & {
  readonly project: string;
  readonly task_id: string;
  readonly need: string;
  readonly condition: string;
  readonly need_group: string;
  readonly on_failure: string;
};

const changed = () => sql`select ${taskColumns('done')} from done`;

// The function locks what is needed before what needs it, so that it cannot meet whoever ends that head-on.
const PUT_NEED = defineWrite<Values, Task>({
  name: 'put_need',
  build: (value) => ({
    steps: sql`
    done as materialized (
      select changed.*, ${before('changed')}
      from (select where ${isAllowed(value('project'), value('allowed_projects'))}) as allowed
      cross join lateral put_need(
        ${value('project')}, ${value('task_id')}, ${value('need')}, ${value('condition')}, ${value('need_group')},
        ${value('on_failure')}
      ) as changed
    )`,
    changes: [
      {
        rows: 'done',
        type: 'need_set',
        data: sql`jsonb_build_object(
          'need', ${value('need')}::text, 'when', ${value('condition')}::text, 'on_failure', ${value('on_failure')}::text
        )`,
        goesOn: true,
        own: sql`true`,
      },
    ],
    outcome: changed(),
    repeated: changed(),
  }),
  toRow: toTask,
});

/** Sets what a task needs of another. Rejects with `task_not_found`, `need_not_found`, `need_cycle` or `too_many_needs`. */
export const putNeed = defineOperation({
  name: 'put_need',
  scope: 'write',
  summary: 'Let a task need another',
  description:
    'Sets one need of a task, or changes its terms. The task is not ready before the other has ended as the need asks. A claim on the task goes on.',
  answer: 'The task with its count of unmet needs',
  errors: ['task_not_found', 'need_not_found', 'need_cycle', 'too_many_needs'],
  input: putNeedInput,
  output: needOutput,
  projects: ({ project }) => [project],
  statements: [PUT_NEED],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server', need: 'TASK-050', on_failure: 'cancel' }],
  async run({ run }, { task_id, project, need, when, group, on_failure }) {
    const terms = { condition: when, need_group: needGroupOf({ task_id: need, group }), on_failure };
    const [task] = await run(PUT_NEED, { project, task_id, need, ...terms });
    if (task === undefined) throw refusal('task_not_found', { task_id });
    return { updated_task: task };
  },
});
