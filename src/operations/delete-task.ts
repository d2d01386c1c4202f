import { sql } from 'drizzle-orm/sql';
import { deleteTaskInput, deleteTaskOutput } from '../contract/delete-task.ts';
import { isoMoment } from '../db/sql/moment.ts';
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

interface Deleted {
  readonly task: Task;
  /** Null where it was deleted for good. */
  readonly deleted_since: string | null;
}

const DAY_MS = 86_400_000;

const DELETE_TASK = defineRecordedWrite<Values, Deleted | null>({
  name: 'delete_task',
  build: (value, setCaller) => ({
    steps: sql`
    deleted as materialized (
      select gone.*, allowed.since
      from (
        -- Before anything is deleted, so that nobody is promised more than the upkeep keeps.
        select ${setCaller} as caller, task_clock() as since
        where ${isAllowed(value('project'), value('allowed_projects'))}
      ) as allowed
      cross join lateral delete_task(${value('project')}, ${value('task_id')}, ${value('purge')}::boolean) as gone
      where allowed.caller is not null
    )`,
    // A row even without a task: only outcomes are recorded.
    outcome: sql`
    select
      ${taskColumns('deleted')},
      case when not ${value('purge')}::boolean then ${isoMoment(sql`deleted.since`)} end as deleted_since
    from (select) as one
    left join deleted on true`,
  }),
  toRow: (row) =>
    // isoMoment guarantees the text. A record of the version before has none.
    row['task_id'] === null
      ? null
      : { task: toTask(row), deleted_since: (row['deleted_since'] ?? null) as string | null },
});

/** Deletes a task in any status; its id stays taken as long as it can be restored. Rejects with `task_not_found`. */
export const deleteTask = defineOperation({
  name: 'delete_task',
  scope: 'admin',
  summary: 'Delete a task of a project',
  description:
    'Deletes a task in any status: nothing shows it any more, but it can be restored for a while, and its id stays taken meanwhile. With purge, it is deleted for good. Use it to clean up; cancel work that is not needed.',
  answer: 'The task as it was, and how long it can be restored',
  errors: ['task_not_found'],
  input: deleteTaskInput,
  output: deleteTaskOutput,
  projects: ({ project }) => [project],
  statements: [DELETE_TASK],
  examples: [
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server' },
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server', purge: true },
  ],
  async run({ run, settings }, { task_id, project, purge = false }) {
    const [deleted] = await run(DELETE_TASK, { task_id, project, purge });
    if (deleted === undefined) throw new Error('A deletion always has an outcome');
    if (deleted === null) throw refusal('task_not_found', { task_id });
    return {
      deleted_task: deleted.task,
      id_stays_taken: !purge,
      restorable_until: end(deleted.deleted_since, settings.deletedDays),
    };
  },
});

function end(deletedSince: string | null, days: number | null): string | null {
  if (deletedSince === null || days === null) return null;
  return new Date(Date.parse(deletedSince) + days * DAY_MS).toISOString();
}
