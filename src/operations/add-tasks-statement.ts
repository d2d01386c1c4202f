import { type SQL, sql } from 'drizzle-orm/sql';
import { newTaskFields } from '../contract/task.ts';
import { constant } from '../db/sql/constant.ts';
import { BEFORE_NOTHING } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRecordedWrite, defineWrite, type RawRow } from '../db/statement.ts';
import type { TaskIdentity } from '../domain/errors/tasks.ts';
import { DEFAULT_TASK_ID_PREFIX } from '../domain/ids.ts';

/** Both as JSON; a need names its task by the position in the batch, from 1 on. */
export type Batch = ProjectScope & { readonly batch: string; readonly needs: string };

interface Outcome {
  /** Tasks of the batch that exist already; if there are any, nothing was added. */
  readonly existing: readonly TaskIdentity[];
  /** Those that are deleted and can be restored, likewise. */
  readonly deleted: readonly TaskIdentity[];
  /** In the order of the batch; undefined where it named them all. */
  readonly task_ids?: readonly string[];
}

/** The fields of a new task, which are columns of the table: a test compares them. */
const columns = (names = Object.keys(newTaskFields)) =>
  sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  );

const sent = (value: Bind<Batch>): SQL => sql`
      select ${columns()}, ordinality as position
      from jsonb_populate_recordset(null::tasks, ${value('batch')}::jsonb) with ordinality
      where ${isAllowed(sql`project_id`, value('allowed_projects'))}`;

/** Keeps those of `rows` that are deleted and can be restored; one look at the index for each. */
const isDeleted = (rows: string): SQL => sql`cross join lateral (
        select
        from deleted_tasks
        where deleted_tasks.project_id = ${sql.identifier(rows)}.project_id
          and deleted_tasks.task_id = ${sql.identifier(rows)}.task_id
        limit 1
      ) as deleted`;

// Triggers connect what `task_needs` and `artifact_producers` get (drizzle/0008_graph.sql); until then, each need counts
// as unmet. The lock on the settings lasts until it is certain that artifacts count, or do not.
//
// `seq` follows the array, but rows go in by key, so batches that share ids wait in one order and cannot deadlock. Each
// row is dated as it is numbered, so the order of a list is that of its times.
function addition(value: Bind<Batch>, incoming: SQL): SQL {
  return sql`${incoming},
    existing as materialized (
      select incoming.task_id, incoming.project_id, incoming.position, false as is_deleted
      from incoming
      join tasks using (task_id, project_id)
      union all
      select incoming.task_id, incoming.project_id, incoming.position, true
      from incoming
      ${isDeleted('incoming')}
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
      select
        project_id, task_id, 'task' as kind, need, condition, need_group, on_failure, need as parent
      from jsonb_to_recordset(${value('needs')}::jsonb) as given (
        position bigint, need text, condition text, need_group text, on_failure text
      )
      join incoming using (position)
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
        ${columns()}, seq, version, created_at, updated_at, pending_at, started_at, completed_at, unmet_needs, ready_at
      )
      overriding system value
      select
        ${columns()}, seq, 1, now, now,
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
    )`;
}

const CHANGES = [{ rows: 'added', type: 'added', own: sql`seq = (select min(seq) from numbered)` }] as const;

const identities = (condition: string): SQL => sql`
      coalesce(
        (
          select jsonb_agg(
            jsonb_build_object('project_id', project_id, 'task_id', task_id) order by position
          )
          from existing
          where ${sql.raw(condition)}
        ),
        '[]'
      )`;

const IN_THE_WAY = sql`${identities('not is_deleted')} as existing, ${identities('is_deleted')} as deleted`;

// jsonb_build_object above gives the rows their shape.
const toObstacles = (row: RawRow) => ({
  existing: row['existing'] as TaskIdentity[],
  deleted: row['deleted'] as TaskIdentity[],
});

/** Adds tasks that all have ids. */
export const ADD_TASKS = defineWrite<Batch, Outcome>({
  name: 'add_tasks',
  build: (value) => ({
    steps: addition(
      value,
      sql`
    incoming as materialized (${sent(value)}
    )`,
    ),
    changes: CHANGES,
    outcome: sql`
    select ${IN_THE_WAY}`,
    repeated: sql`select '[]'::jsonb as existing, '[]'::jsonb as deleted`,
  }),
  toRow: toObstacles,
});

// Numbers are given out only once no id that was sent is in the way: those of a batch that adds nothing would be a gap.
// A row of `numbers` has the number before the first.
const numbering = (value: Bind<Batch>): SQL => sql`
    sent as materialized (${sent(value)}
    ),
    taken as materialized (
      select
        exists (select from sent join tasks using (task_id, project_id))
        or exists (
          select
          from sent
          ${isDeleted('sent')}
        ) as is_taken
    ),
    wanted as materialized (
      select
        project_id,
        coalesce(projects.task_id_prefix, ${constant(DEFAULT_TASK_ID_PREFIX)}) as prefix,
        count(*)::integer as tasks
      from sent
      left join projects using (project_id)
      where sent.task_id is null
        and not (select is_taken from taken)
      group by project_id, prefix
      order by project_id
    ),
    numbers as materialized (
      select
        project_id,
        prefix,
        give_numbers(
          project_id,
          prefix,
          tasks,
          (
            select max(id_number(name, prefix))
            from (
              select task_id as name
              from sent
              where sent.project_id = wanted.project_id
              union all
              select name
              from sent
              cross join lateral jsonb_array_elements_text(expected_outputs) as name
              where sent.project_id = wanted.project_id
            ) as named
          )
        ) - 1 as before
      from wanted
    ),
    incoming as materialized (
      select
        coalesce(
          sent.task_id,
          id_text(
            numbers.prefix,
            numbers.before + row_number() over (
              partition by sent.project_id, sent.task_id is null
              order by sent.position
            )
          )
        ) as task_id,
        ${columns(Object.keys(newTaskFields).filter((name) => name !== 'task_id'))},
        sent.position
      from sent
      left join numbers using (project_id)
    )`;

/** Adds tasks of which some have no id, and gives them one; nothing but its record tells a repetition which. */
export const ADD_NUMBERED_TASKS = defineRecordedWrite<Batch, Outcome>({
  name: 'add_numbered_tasks',
  build: (value) => ({
    steps: addition(value, numbering(value)),
    changes: CHANGES,
    outcome: sql`
    select
      ${IN_THE_WAY},
      (select coalesce(jsonb_agg(task_id order by position), '[]') from numbered) as task_ids`,
  }),
  toRow: (row) => ({
    ...toObstacles(row),
    // A task id is a text.
    task_ids: row['task_ids'] as string[],
  }),
});
