import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow, type Statement } from '../db/statement.ts';
import { LIMITS, type Status } from '../domain/task.ts';
import { longBytes, type Task, taskColumns, toTask } from './shown-task.ts';

export interface Entry {
  readonly task: Task;
  /** Where it lies in the order of the list; `seq` tells those of one key apart. */
  readonly key: number;
  readonly seq: number;
  readonly isFollowed: boolean;
}

export type PageValues = ProjectScope & {
  readonly project: string;
  readonly after_seq: number;
  readonly max_rows: number;
  /** The columns that are asked for; null stands for all. */
  readonly columns: readonly string[] | null;
};

export function toEntry(row: RawRow): Entry {
  // Drivers return bigints as text.
  return {
    task: toTask(row),
    key: Number(row['key']),
    seq: Number(row['seq']),
    isFollowed: row['is_followed'] === true,
  };
}

/**
 * The rows of `found`, which has the columns of `tasks` and a key, as the relation `page`: up to the one whose texts fill
 * the page, for a Worker lacks memory for a thousand tasks of maximum size.
 */
export function page(value: Bind<PageValues>, found: SQL, order: SQL): SQL {
  return sql`(
      select *
      from (
        select
          found.*,
          lead(seq) over in_order is not null as is_followed,
          sum(${longBytes(value('columns'))}) over (
            in_order rows between unbounded preceding and 1 preceding
          ) as bytes_before
        from (${found}) as found
        window in_order as (order by ${order})
      ) as measured
      where coalesce(bytes_before, 0) < ${constant(LIMITS.pageBytes)}
    ) as page`;
}

export const pageColumns = (value: Bind<PageValues>): SQL =>
  sql`${taskColumns('page', value('columns'))}, page.key, page.seq, page.is_followed`;

const selectInOrder = (value: Bind<PageValues>, filter: SQL) => sql`
    select ${pageColumns(value)}
    from ${page(
      value,
      sql`
          select tasks.*, 0 as key
          from tasks
          where project_id = ${value('project')}${filter}
            and seq > ${value('after_seq')}
            and ${isAllowed(value('project'), value('allowed_projects'))}
          order by seq
          limit ${hiddenLimit(value('max_rows'))}
        `,
      sql`seq`,
    )}
    order by page.seq`;

/** The list without a filter. */
export const LIST_TASKS: Statement<PageValues, Entry> = defineRead({
  name: 'list_tasks',
  build: (value) => selectInOrder(value, sql``),
  toRow: toEntry,
});

/** Separate, because no index serves `status = $n or $n is null` in a prepared plan. */
export const LIST_TASKS_OF_STATUS: Statement<PageValues & { readonly status: Status }, Entry> = defineRead({
  name: 'list_tasks_of_status',
  build: (value) => selectInOrder(value, sql` and status = ${value('status')}`),
  toRow: toEntry,
});
