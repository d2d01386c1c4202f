import { sql } from 'drizzle-orm/sql';
import { editTaskInput, editTaskOutput } from '../contract/edit-task.ts';
import { constant } from '../db/sql/constant.ts';
import { before } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { type DomainError, refusal } from '../domain/errors/index.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type Values = ProjectScope & {
  readonly project: string;
  readonly task_id: string;
  readonly expected_revision: number | null;
  /** As JSON. */
  readonly changes: string;
};

/** Why edit_task changed nothing (drizzle/, edit_task). `same` is no refusal: the task was as it is to be. */
type Refused = 'same' | 'revision' | 'completed' | 'attempts' | 'metadata';

interface Outcome {
  readonly refused: Refused | null;
  readonly task: Task;
}

const EDIT_TASK = defineWrite<Values, Outcome>({
  name: 'edit_task',
  build: (value) => ({
    steps: sql`
    edit as materialized (
      select refused, edited_fields, (edited).*
      from (select where ${isAllowed(value('project'), value('allowed_projects'))}) as allowed
      cross join lateral edit_task(
        ${value('project')}, ${value('task_id')}, ${value('expected_revision')}::int, ${value('changes')}::jsonb,
        ${constant(LIMITS.metadataBytes)}
      )
    ),
    done as (
      select edit.*, ${before('edit')}
      from edit
      where refused is null
    )`,
    changes: [
      {
        rows: 'done',
        type: 'edited',
        agent: sql`null::text`,
        goesOn: true,
        own: sql`true`,
        data: sql`jsonb_build_object('fields', edited_fields, 'revision', revision)`,
      },
    ],
    outcome: sql`select refused, ${taskColumns('edit')} from edit`,
    repeated: sql`select null::text as refused, ${taskColumns('done')} from done`,
  }),
  // edit_task knows no other reasons.
  toRow: (row) => ({ refused: row['refused'] as Refused | null, task: toTask(row) }),
});

function refusalOf(refused: Exclude<Refused, 'same'>, task: Task): DomainError {
  const { task_id, revision, attempt } = task;
  switch (refused) {
    case 'revision':
      return refusal('revision_conflict', { task_id, revision });
    case 'completed':
      return refusal('outputs_fixed', { task_id });
    case 'attempts':
      return refusal('attempts_used', { task_id, attempt });
    case 'metadata':
      return refusal('metadata_too_large', { task_id });
  }
}

/** Edits a task in any status. Rejects as `errors` says, and then changes nothing. */
export const editTask = defineOperation({
  name: 'edit_task',
  scope: 'write',
  summary: 'Edit a task',
  description:
    'Changes what is to be done; what is left out stays, and null empties a field. A claim on the task goes on: its next heartbeat shows the change. With expected_revision, nobody’s edit is overwritten.',
  answer: 'The task as it is now',
  errors: [
    'task_not_found',
    'revision_conflict',
    'outputs_fixed',
    'attempts_used',
    'metadata_too_large',
    'artifact_has_producer',
    'need_cycle',
  ],
  input: editTaskInput,
  output: editTaskOutput,
  projects: ({ project }) => [project],
  statements: [EDIT_TASK],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server', priority: 0, labels: ['urgent'] }],
  async run({ run }, { task_id, project, expected_revision = null, ...fields }) {
    // JSON leaves out what is undefined.
    const values = { task_id, project, expected_revision, changes: JSON.stringify(fields) };
    const [outcome] = await run(EDIT_TASK, values);
    if (outcome === undefined) throw refusal('task_not_found', { task_id });
    const { refused, task } = outcome;
    if (refused !== null && refused !== 'same') throw refusalOf(refused, task);
    return { updated_task: task };
  },
});
