import { sql } from 'drizzle-orm/sql';
import { addTasksInput, addTasksOutput } from '../contract/add-tasks.ts';
import { EXAMPLE_BATCH } from '../contract/examples.ts';
import { newTaskFields } from '../contract/task.ts';
import { isViolationOf } from '../db/failures.ts';
import { TASKS_PKEY } from '../db/schema/names.ts';
import { BEFORE_NOTHING } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import type { TaskIdentity } from '../domain/errors/tasks.ts';
import { defineOperation } from './define-operation.ts';

type Batch = ProjectScope & { readonly batch: string };

interface Outcome {
  /** Tasks of the batch that exist already; if there are any, nothing was added. */
  readonly existing: readonly TaskIdentity[];
}

/** The fields of a new task, which are columns of the table: a test compares them. */
const given = () =>
  sql.join(
    Object.keys(newTaskFields).map((name) => sql.identifier(name)),
    sql`, `,
  );

// `seq` follows the array, but rows go in by key, so batches that share ids wait in one order and cannot deadlock. Each
// row is dated as it is numbered, so the order of a list is that of its times.
const ADD_TASKS = defineWrite<Batch, Outcome>({
  name: 'add_tasks',
  build: (value) => ({
    steps: sql`
    incoming as materialized (
      select ${given()}, ordinality as position
      from jsonb_populate_recordset(null::tasks, ${value('batch')}::jsonb) with ordinality
      where ${isAllowed(sql`project_id`, value('allowed_projects'))}
    ),
    existing as materialized (
      select incoming.task_id, incoming.project_id, incoming.position
      from incoming
      join tasks using (task_id, project_id)
    ),
    numbered as materialized (
      select ordered.*, nextval(pg_get_serial_sequence('tasks', 'seq')) as seq, task_clock() as now
      from (select * from incoming where not exists (select from existing) order by position) as ordered
    ),
    added as (
      insert into tasks (
        ${given()}, seq, version, created_at, updated_at, pending_at, started_at, completed_at, ready_at
      )
      overriding system value
      select
        ${given()}, seq, 1, now, now,
        case when status = 'pending' then now end,
        case when status = 'in_progress' then now end,
        case when status = 'completed' then now end,
        case when status = 'pending' and not_before > now then not_before end
      from numbered
      order by task_id, project_id
      returning tasks.*, ${BEFORE_NOTHING}
    )`,
    changes: [{ rows: 'added', type: 'added', own: sql`seq = (select min(seq) from numbered)` }],
    outcome: sql`
    select coalesce(
      jsonb_agg(jsonb_build_object('project_id', project_id, 'task_id', task_id) order by position),
      '[]'
    ) as existing
    from existing`,
    repeated: sql`select '[]'::jsonb as existing`,
  }),
  // jsonb_build_object above gives the rows their shape.
  toRow: (row) => ({ existing: row['existing'] as TaskIdentity[] }),
});

/** How often a batch looks for all existing ids; the index, where it loses a race, names only one. */
const LOOKS = 3;

/** Adds all tasks or none. Rejects with `task_exists`, which names every task that exists already. */
export const addTasks = defineOperation({
  name: 'add_tasks',
  scope: 'write',
  summary: 'Add tasks',
  description: 'Adds 1 to 500 tasks, all or none. Their order of creation is that of the array.',
  answer: 'All tasks were added',
  errors: ['duplicate_ids', 'task_exists'],
  input: addTasksInput,
  output: addTasksOutput,
  projects: ({ tasks: batch }) => batch.map(({ project_id }) => project_id),
  statements: [ADD_TASKS],
  examples: [EXAMPLE_BATCH],
  async run({ run }, { tasks: batch }) {
    const values = { batch: JSON.stringify(batch) };
    for (let look = 1; ; look += 1) {
      try {
        const [outcome] = await run(ADD_TASKS, values);
        const existing = outcome?.existing ?? [];
        if (existing.length > 0) throw refusal('task_exists', { existing });
        return { tasks_added: batch.length, task_ids: batch.map(({ task_id }) => task_id) };
      } catch (error) {
        if (!isViolationOf(error, TASKS_PKEY) || look === LOOKS) throw error;
      }
    }
  },
});
