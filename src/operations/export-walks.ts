import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { artifactLine, attemptLine, eventLine, idsLine, noteLine, taskLine } from '../db/sql/export-lines.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import { lastNumbers } from '../db/sql/last-numbers.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow, type Statement } from '../db/statement.ts';
import { type ExportWalk, TRANSFER_LIMITS } from '../domain/transfer.ts';

export type Walked = ProjectScope & {
  readonly project: string;
  /** The last that was told, by the columns of the walk's index. */
  readonly name: string;
  readonly number: number;
};

export interface WalkedLine {
  /** Undefined where the place has nothing to tell. */
  readonly line: Readonly<Record<string, unknown>> | undefined;
  readonly name: string;
  readonly number: number;
  /** There is more to tell after it. */
  readonly isFollowed: boolean;
}

/** One more than a page has shows whether there is another. */
const MOST = constant(TRANSFER_LIMITS.linesPerPage + 1);

function toWalkedLine(row: RawRow): WalkedLine {
  return {
    // json_build_object gives the line its shape; null where the place has none.
    line: (row['line'] as WalkedLine['line'] | null) ?? undefined,
    // Not null; drivers return a bigint as text.
    name: row['name'] as string,
    number: Number(row['number']),
    isFollowed: row['is_followed'] === true,
  };
}

/**
 * A page of a walk. `found` has the columns line, name, number and place, the row's number, and at most MOST rows; the
 * page ends at the line with which it is full.
 */
function defineWalk(name: string, found: (value: Bind<Walked>) => SQL): Statement<Walked, WalkedLine> {
  return defineRead<Walked, WalkedLine>({
    name,
    build: (value) => sql`
    select line, name, number, place < found as is_followed
    from (
      select
        told.*,
        count(*) over () as found,
        sum(octet_length(line::text)) over (
          order by place rows between unbounded preceding and 1 preceding
        ) as bytes_before
      from (${found(value)}
      ) as told
    ) as page
    where coalesce(bytes_before, 0) < ${constant(TRANSFER_LIMITS.pageBytes)}
      and place <= ${constant(TRANSFER_LIMITS.linesPerPage)}
    order by place`,
    toRow: toWalkedLine,
  });
}

const ofProject = (value: Bind<Walked>): SQL => sql`project_id = ${value('project')}
          and ${isAllowed(value('project'), value('allowed_projects'))}`;

const IDS = defineWalk(
  'export_ids',
  (value) => sql`
        select ${idsLine(sql`prefix`, sql`number`)} as line, prefix as name, 0 as number, row_number() over (order by prefix) as place
        from (${lastNumbers(ofProject(value), value('name'), MOST)}
        ) as given`,
);

/** A walk through what a table has of each task, in the order of the ids and then of `seq`. */
const walkByTask = (name: string, table: SQL, line: (alias: string) => SQL) =>
  defineWalk(
    name,
    (value) => sql`
        select
          ${line('told')} as line, told.task_id as name, told.seq as number,
          row_number() over (order by told.task_id, told.seq) as place
        from (
          select *
          from ${table}
          where ${ofProject(value)}
            and (task_id, seq) > (${value('name')}, ${value('number')}::bigint)
          order by task_id, seq
          limit ${hiddenLimit(MOST)}
        ) as told`,
  );

const EVENTS = walkByTask('export_events', sql`task_events`, eventLine);

const TASKS = defineWalk(
  'export_tasks',
  (value) => sql`
        select
          ${taskLine('task')} as line, '' as name, task.seq as number, row_number() over (order by task.seq) as place
        from (
          select *
          from tasks
          where ${ofProject(value)}
            and seq > ${value('number')}::bigint
          order by seq
          limit ${hiddenLimit(MOST)}
        ) as task`,
);

// `name` has the version of the note; a task that is deleted keeps its notes, which are not told.
const NOTES = defineWalk(
  'export_notes',
  (value) => sql`
        select
          case when tasks.task_id is not null then ${noteLine('note', sql`tasks.task_id`)} end as line,
          note.version::text as name, note.task_seq as number,
          row_number() over (order by note.task_seq, note.version) as place
        from (
          select *
          from task_notes
          where ${ofProject(value)}
            and (task_seq, version) > (
              ${value('number')}::bigint, coalesce(nullif(${value('name')}, ''), '0')::bigint
            )
          order by task_seq, version
          limit ${hiddenLimit(MOST)}
        ) as note
        left join lateral (
          select task_id
          from tasks
          where tasks.project_id = note.project_id
            and tasks.seq = note.task_seq
          limit 1
        ) as tasks on true`,
);

const ATTEMPTS = walkByTask('export_attempts', sql`attempts`, attemptLine);

const ARTIFACTS = defineWalk(
  'export_artifacts',
  (value) => sql`
        select
          ${artifactLine('artifact')} as line, artifact.name, 0 as number,
          row_number() over (order by artifact.name) as place
        from (
          select *
          from artifacts
          where ${ofProject(value)}
            and name > ${value('name')}
          order by name
          limit ${hiddenLimit(MOST)}
        ) as artifact`,
);

/** THE table of walks. */
export const WALKS: Readonly<Record<ExportWalk, Statement<Walked, WalkedLine>>> = {
  ids: IDS,
  events: EVENTS,
  tasks: TASKS,
  notes: NOTES,
  attempts: ATTEMPTS,
  artifacts: ARTIFACTS,
};
