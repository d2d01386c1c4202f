import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { before, type Change, shortText } from '../db/sql/log.ts';
import { moveChange, releaseChange } from '../db/sql/move-change.ts';
import { isAllowed } from '../db/sql/project-scope.ts';
import { defineRecordedWrite, type RawRow, type Statement } from '../db/statement.ts';
import type { SkipReason } from '../domain/changes.ts';
import { EVENT_OF } from '../domain/events.ts';
import { LIMITS } from '../domain/task.ts';
import { type ChangeTasksValues, filtered, NAMED, type Source, type Value } from './change-sources.ts';
import { type ChangeValues, judgedStep } from './judged-changes.ts';
import type { Place } from './list-orders.ts';

export interface ChangedTasks {
  readonly matched: number;
  readonly task_ids: readonly string[];
  readonly skipped: readonly { readonly task_id: string; readonly reason: SkipReason }[];
  readonly end: Place | null;
  /** False where more notes have the words of the filter than are looked at. */
  readonly knowsNotes: boolean;
}

// Locks before it looks again: a task that another request has changed meanwhile is changed only if it still passes.
const lockSteps = (value: Value, source: Source, setCaller: SQL): SQL => sql`
    looked as materialized (
      select key, seq
      from chosen
      where ${isAllowed(value('project'), value('allowed_projects'))}
        and ${source.knowsNotes}
      order by key, seq
      limit ${value('limit')}
    ),
    held as materialized (
      select
        ${setCaller} as caller,
        set_config('task_tracker.cascade', case ${value('kind')} when 'move' then 'together' else '' end, true) as settles,
        hold_tasks(${value('project')}, array(select seq from looked)) as is_held
      where exists (select from looked)
    ),
    matched as materialized (
      select task.*
      from tasks as task
      where (select is_held from held)
        and task.project_id = ${value('project')}
        and task.seq = any(array(select seq from looked))
        and ${source.passes(value)}
      order by task.seq
      for update of task
    )`;

const due = (value: Value, kind: ChangeValues['kind']): SQL => sql`judged
      where is_due
        and ${value('kind')} = ${constant(kind)}
        and (select is_on from go)`;

const moveSteps = (value: Value): SQL => sql`
    go as materialized (
      select
        not ${value('dry_run')}::boolean
        and coalesce(${value('expect_count')}::int = (select count(*) from matched), true) as is_on
    ),
    moved as (
      update tasks
      set ${moveChange({
        becomes: sql`judged.becomes`,
        now: sql`judged.now`,
        isReset: sql`judged.is_reset`,
        isHolders: sql`false`,
        notes: value('completion_notes'),
      })}
      from (select *, ${value('to')}::text as becomes from ${due(value, 'move')}) as judged
      where tasks.task_id = judged.task_id
        and tasks.project_id = judged.project_id
      returning tasks.*, ${before('judged')}, judged.is_reset
    ),
    released as (
      update tasks
      set ${releaseChange(
        sql`judged.now`,
        sql`judged.now + make_interval(secs => ${value('delay_seconds')}::float8)`,
        sql`null`,
      )}
      from (select * from ${due(value, 'release')}) as judged
      where tasks.task_id = judged.task_id
        and tasks.project_id = judged.project_id
      returning tasks.*, ${before('judged')}
    )`;

/** A column of the tasks that are due, in their order. */
const dueArray = (value: Value, kind: ChangeValues['kind'], column: SQL): SQL =>
  sql`array(select ${column} from ${due(value, kind)} order by seq)`;

const callSteps = (value: Value): SQL => sql`
    edited as materialized (
      select made.edited_fields, (made.edited).*, ${before('judged')}
      from edit_tasks(
        ${value('project')},
        ${dueArray(value, 'edit', sql`task_id`)},
        ${dueArray(value, 'edit', sql`wanted`)},
        ${constant(LIMITS.metadataBytes)}
      ) as made
      join judged on judged.seq = (made.edited).seq
    ),
    deleted as materialized (
      select task_id, seq
      from delete_tasks(${value('project')}, ${dueArray(value, 'delete', sql`task_id`)})
    )`;

// A deletion is logged by the trigger of the table.
const changes = (value: Value): readonly Change[] => [
  {
    rows: 'moved',
    type: sql`case when is_reset then ${constant(EVENT_OF.reset)} else ${constant(EVENT_OF.move)} end`,
    data: sql`nullif(
          jsonb_strip_nulls(jsonb_build_object(
            'notes', ${shortText(sql`nullif(${value('completion_notes')}::text, '')`)},
            'force', case when ${value('force')}::boolean then true end
          )),
          '{}'
        )`,
  },
  {
    rows: 'released',
    type: EVENT_OF.release,
    data: sql`nullif(jsonb_strip_nulls(jsonb_build_object('delay_seconds', ${value('delay_seconds')}::int)), '{}')`,
  },
  {
    rows: 'edited',
    type: 'edited',
    agent: sql`null::text`,
    goesOn: true,
    data: sql`jsonb_build_object('fields', edited_fields, 'revision', revision)`,
  },
];

/** What was changed, or would be. */
const changedIds = (value: Value): SQL => sql`(
        select coalesce(jsonb_agg(task_id order by seq), '[]')
        from (
          select task_id, seq from moved
          union all
          select task_id, seq from released
          union all
          select task_id, seq from edited
          union all
          select task_id, seq from deleted
          union all
          select task_id, seq from judged where is_due and ${value('dry_run')}::boolean
        ) as changed
      )`;

const skippedIds = (value: Value, source: Source): SQL => sql`(
        select coalesce(
          jsonb_agg(jsonb_build_object('task_id', task_id, 'reason', reason) order by seq, task_id), '[]'
        )
        from (
          select task_id, reason, seq from judged where reason is not null
          union all
          select task_id, 'task_not_found', 0 from (${source.unknown(value)}
          ) as unknown
        ) as left_out
      )`;

const outcome = (value: Value, source: Source): SQL => sql`
    select
      (select count(*) from matched) as matched,
      ${changedIds(value)} as task_ids,
      ${skippedIds(value, source)} as skipped,
      ${source.knowsNotes} as knows_notes,
      last.key as end_key,
      last.seq as end_seq
    from (select) as one
    left join (
      (
        select key, seq
        from looked
        where (select count(*) from chosen) > ${value('limit')}
        order by key desc, seq desc
        limit 1
      )
      union all
      select key, seq from walk_end where ${isAllowed(value('project'), value('allowed_projects'))}
    ) as last on true`;

function toRow(row: RawRow): ChangedTasks {
  return {
    // Drivers return bigints as text, and a record has numbers.
    matched: Number(row['matched']),
    // The statement's own JSON.
    task_ids: row['task_ids'] as string[],
    skipped: row['skipped'] as ChangedTasks['skipped'],
    knowsNotes: row['knows_notes'] === true,
    end: row['end_seq'] === null ? null : { key: Number(row['end_key']), seq: Number(row['end_seq']) },
  };
}

const define = (name: string, source: Source): Statement<ChangeTasksValues, ChangedTasks> =>
  defineRecordedWrite({
    name,
    build: (value, setCaller) => ({
      steps: sql`${source.steps(value)},${lockSteps(value, source, setCaller)},${judgedStep(value)},${moveSteps(value)},${callSteps(value)}`,
      changes: changes(value),
      outcome: outcome(value, source),
    }),
    toRow,
  });

/** Each changes up to `limit` tasks, in order of creation, and tells which; none where another number is expected. */
export const CHANGE_TASKS = {
  named: define('change_named_tasks', NAMED),
  created: define('change_tasks', filtered('created')),
  moment: define('change_tasks_by_moment', filtered('moment')),
} as const;
