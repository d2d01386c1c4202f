import { sql } from 'drizzle-orm/sql';
import { addTasksInput, addTasksOutput, type NewTask } from '../contract/add-tasks.ts';
import { EXAMPLE_BATCH } from '../contract/examples.ts';
import { newTaskFields } from '../contract/task.ts';
import { isViolationOf } from '../db/failures.ts';
import { TASKS_PKEY } from '../db/schema/names.ts';
import { BEFORE_NOTHING } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import type { TaskIdentity } from '../domain/errors/tasks.ts';
import { cycleIn, GRAPH_LIMITS, needGroupOf } from '../domain/graph.ts';
import { defineOperation } from './define-operation.ts';

/** Both as JSON. */
type Batch = ProjectScope & { readonly batch: string; readonly needs: string };

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

// Triggers connect what `task_needs` and `artifact_producers` get (drizzle/0008_graph.sql); until then, each need counts
// as unmet. The lock on the settings lasts until it is certain that artifacts count, or do not.
//
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
    settings as materialized (
      select project_id, readiness
      from projects
      where project_id in (select project_id from incoming)
      order by project_id
      for key share
    ),
    ensured as (
      insert into projects (project_id)
      select distinct project_id
      from incoming
      where not exists (select from projects where projects.project_id = incoming.project_id)
        and not exists (select from existing)
      order by project_id
      on conflict do nothing
    ),
    edges as materialized (
      select project_id, task_id, 'task' as kind, need, condition, need_group, on_failure, need as parent
      from jsonb_to_recordset(${value('needs')}::jsonb) as given (
        project_id text, task_id text, need text, condition text, need_group text, on_failure text
      )
      union all
      select distinct
        project_id, task_id, 'artifact', name, 'completed', 'artifact:' || name, 'block', null::text
      from incoming
      join settings using (project_id)
      cross join lateral jsonb_array_elements_text(incoming.inputs) as name
      where settings.readiness = 'inputs'
    ),
    unmet as materialized (
      select project_id, task_id, count(distinct need_group)::integer as unmet_needs
      from edges
      group by project_id, task_id
    ),
    numbered as materialized (
      select ordered.*, nextval(pg_get_serial_sequence('tasks', 'seq')) as seq, task_clock() as now
      from (select * from incoming where not exists (select from existing) order by position) as ordered
    ),
    added as (
      insert into tasks (
        ${given()}, seq, version, created_at, updated_at, pending_at, started_at, completed_at, unmet_needs, ready_at
      )
      overriding system value
      select
        ${given()}, seq, 1, now, now,
        case when status = 'pending' then now end,
        case when status = 'in_progress' then now end,
        case when status = 'completed' then now end,
        coalesce(unmet_needs, 0),
        case
          when status <> 'pending' then null
          when unmet_needs > 0 then 'infinity'
          when not_before > now then not_before
        end
      from numbered
      left join unmet using (project_id, task_id)
      order by task_id, project_id
      returning tasks.*, ${BEFORE_NOTHING}
    ),
    connected as (
      insert into task_needs (project_id, task_id, kind, need, condition, need_group, on_failure, parent)
      select edges.*
      from edges
      join numbered using (project_id, task_id)
    ),
    produced as (
      insert into artifact_producers (project_id, name, task_id, is_live)
      select distinct project_id, name, task_id, false
      from numbered
      join settings using (project_id)
      cross join lateral jsonb_array_elements_text(numbered.expected_outputs) as name
      where settings.readiness = 'inputs'
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

interface GivenEdge {
  readonly project_id: string;
  readonly task_id: string;
  readonly need: string;
  readonly condition: string;
  readonly need_group: string;
  readonly on_failure: string;
}

function edgesOf({ project_id, task_id, needs }: NewTask): GivenEdge[] {
  return needs.map((need) => ({
    project_id,
    task_id,
    need: need.task_id,
    condition: need.when,
    need_group: needGroupOf(need),
    on_failure: need.on_failure,
  }));
}

/** Refuses with `need_cycle` what the batch alone shows; the database looks at the rest. */
function refuseCycles(batch: readonly NewTask[]): void {
  for (const ofProject of Map.groupBy(batch, ({ project_id }) => project_id).values()) {
    const needs = new Map(ofProject.map((task) => [task.task_id, task.needs.map(({ task_id }) => task_id)]));
    const path = cycleIn(needs);
    if (path !== undefined) throw refusal('need_cycle', { path });
  }
}

/** How often a batch looks for all existing ids; the index, where it loses a race, names only one. */
const LOOKS = 3;

/** Adds all tasks or none. Rejects with `task_exists`, which names every task that exists already. */
export const addTasks = defineOperation({
  name: 'add_tasks',
  scope: 'write',
  summary: 'Add tasks',
  description:
    'Adds 1 to 500 tasks, all or none. Their order of creation is that of the array. A task may need others of its project, those of the same batch included; it is ready once they have ended as it asks.',
  answer: 'All tasks were added',
  errors: [
    'duplicate_ids',
    'task_exists',
    'too_many_needs_in_batch',
    'need_not_found',
    'need_cycle',
    'artifact_has_producer',
  ],
  input: addTasksInput,
  output: addTasksOutput,
  projects: ({ tasks: batch }) => batch.map(({ project_id }) => project_id),
  statements: [ADD_TASKS],
  examples: [EXAMPLE_BATCH],
  async run({ run }, { tasks: batch }) {
    const given = batch.flatMap(edgesOf);
    if (given.length > GRAPH_LIMITS.needsPerBatch) throw refusal('too_many_needs_in_batch', {});
    refuseCycles(batch);
    const values = { batch: JSON.stringify(batch), needs: JSON.stringify(given) };
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
