import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { isAllowed } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow, type Statement } from '../db/statement.ts';
import { chosenSteps } from './chosen-steps.ts';
import {
  inOrder,
  ORDER_NAMES,
  type Order,
  type OrderName,
  type OrderValues,
  orderOf,
} from './list-orders.ts';
import { type Entry, type PageValues, page, pageColumns, toEntry } from './list-pages.ts';
import { MOST } from './task-filter.ts';

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

function findTasks(value: Bind<FindValues>, asked: Order): SQL {
  const { isBackward } = asked;
  const order = inOrder([sql`key`, sql`seq`], isBackward);
  return sql`
    with ${chosenSteps(value, asked)}
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
