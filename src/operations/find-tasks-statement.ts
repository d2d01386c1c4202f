import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { isAllowed } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow, type Statement } from '../db/statement.ts';
import {
  inOrder,
  ORDER_NAMES,
  type Order,
  type OrderName,
  type OrderValues,
  orderOf,
} from './list-orders.ts';
import { type Entry, type PageValues, page, pageColumns, toEntry } from './list-pages.ts';
import { hidden, MOST, passes } from './task-filter.ts';
import { gather } from './task-sources.ts';

export type FindValues = PageValues & OrderValues;

/** What a filtered list came to; the same in every row, of which there is at least one. */
export interface Found {
  readonly entry: Entry | null;
  /** Whether an index gave all tasks of the list, so that it is whole. */
  readonly isGathered: boolean;
  /** False where more notes than MOST have the words. */
  readonly knowsNotes: boolean;
  /** How many tasks the list has; where it is not gathered, at least. */
  readonly total: number;
  /** Where the look at MOST tasks ended that gave fewer than were asked for. */
  readonly end: { readonly key: number; readonly seq: number } | null;
}

function toFound(row: RawRow): Found {
  // Drivers return bigints as text.
  const end = row['end_seq'] === null ? null : { key: Number(row['end_key']), seq: Number(row['end_seq']) };
  return {
    entry: row['task_id'] === null ? null : toEntry(row),
    isGathered: row['fits'] === true,
    knowsNotes: row['knows_notes'] === true,
    total: Number(row['total']),
    end,
  };
}

const NO_END = sql`
      select null::bigint as key, null::bigint as seq
      where false`;

/** What a walk meets, as long as its page is not full, and where it ends after MOST tasks. */
function walkSteps(value: Bind<FindValues>, { walk, isBackward }: Order): SQL {
  if (walk === undefined)
    return sql`
    walked as (${NO_END}
    ),
    walk_end as (${NO_END}
    )`;
  const rows = walk.rows(value);
  const order = inOrder(
    walk.by.map((column) => sql`ahead.${sql.identifier(column)}`),
    isBackward,
  );
  return sql`
    walked as materialized (
      select ahead.key, ahead.seq
      from (
        select *
        from (${rows}
        ) as ahead
        where not (select fits from source)
        order by ${order}
        limit ${hidden('most')}
      ) as ahead
      cross join lateral (
        select *
        from tasks
        where project_id = ${value('project')}
          and seq = ahead.seq
        limit 1
      ) as task
      where ${passes(value)}
      order by ${order}
      limit ${value('max_rows')}
    ),
    walk_end as materialized (
      select key, seq
      from (${rows}
      ) as ahead
      where not (select fits from source)
        and (select count(*) from walked) < ${value('max_rows')}
      order by ${order}
      offset ${hidden('last')}
      limit 1
    )`;
}

// The candidates of one index are read whole and sorted, where they are few. Where no index gives few, the tasks are
// looked at in the order of the list, and the page may end before it is full. LATERAL with LIMIT has each task found by
// index: no plan may take a join with the whole table for cheaper. The array has the planner expect few: it would think
// the statement worth compiling (jit_above_cost), which takes longer than any run.
function findTasks(value: Bind<FindValues>, asked: Order): SQL {
  const { key, isBackward } = asked;
  const order = inOrder([sql`key`, sql`seq`], isBackward);
  const isAfter = sql`(key, seq) ${isBackward ? sql`<` : sql`>`} (${value('after_key')}::bigint, ${value('after_seq')}::bigint)`;
  return sql`
    with ${gather(value)},
    matching as materialized (
      select ${key} as key, task.seq
      from unnest(array(select seq from candidates)) as candidate (seq)
      cross join lateral (
        select *
        from tasks
        where project_id = ${value('project')}
          and seq = candidate.seq
        limit 1
      ) as task
      where ${passes(value)}
    ),${walkSteps(value, asked)},
    chosen as materialized (
      (
        select key, seq
        from matching
        where (select fits from source)
          and ${isAfter}
        order by ${order}
        limit ${value('max_rows')}
      )
      union all
      select key, seq from walked
    )
    select
      source.fits, source.knows_notes, walk_end.key as end_key, walk_end.seq as end_seq,
      (select least(count(*), ${constant(MOST)}) from matching) as total, ${pageColumns(value)}
    from source
    left join walk_end on true
    left join ${page(
      value,
      sql`
          select task.*, chosen.key
          from chosen
          cross join lateral (
            select *
            from tasks
            where project_id = ${value('project')}
              and seq = chosen.seq
            limit 1
          ) as task
        `,
      order,
    )} on true
    where ${isAllowed(value('project'), value('allowed_projects'))}
    order by ${inOrder([sql`page.key`, sql`page.seq`], isBackward)}`;
}

const define = (name: OrderName): Statement<FindValues, Found> =>
  defineRead({
    name: `find_tasks_by_${name}`,
    build: (value) => findTasks(value, orderOf(name)),
    toRow: toFound,
  });

/** One for each order: what a filter leaves out costs a condition that is settled once. */
export const FIND_TASKS: Readonly<Record<OrderName, Statement<FindValues, Found>>> =
  // ORDER_NAMES has every name.
  Object.fromEntries(ORDER_NAMES.map((name) => [name, define(name)])) as Record<
    OrderName,
    Statement<FindValues, Found>
  >;
