import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import type { Bind } from '../db/statement.ts';
import { inOrder, type Order, type OrderValues } from './list-orders.ts';
import { MOST, passes } from './task-filter.ts';
import { gather } from './task-sources.ts';

export type ChosenValues = OrderValues & { readonly max_rows: number };

/** The step `walk_end` of what has been read whole. */
export const NO_END = sql`
      select null::bigint as key, null::bigint as seq
      where false`;

/** What a walk meets, as long as its page is not full, and where it ends after MOST tasks. */
function walkSteps(value: Bind<ChosenValues>, { walk, isBackward }: Order): SQL {
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
        limit ${hiddenLimit(constant(MOST))}
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
      offset ${hiddenLimit(constant(MOST - 1))}
      limit 1
    )`;
}

/**
 * The steps of `gather` and `matching`, `walk_end` and `chosen`: the first tasks after the place that pass the filter, as
 * their key and seq. The candidates of one index are read whole and sorted, where they are few. Where no index gives few,
 * the tasks are looked at in the order of the list; `walk_end` is where the look at MOST of them ended that gave fewer
 * than max_rows.
 */
export function chosenSteps(value: Bind<ChosenValues>, asked: Order): SQL {
  const { key, isBackward } = asked;
  const order = inOrder([sql`key`, sql`seq`], isBackward);
  const isAfter = sql`(key, seq) ${isBackward ? sql`<` : sql`>`} (${value('after_key')}::bigint, ${value('after_seq')}::bigint)`;
  // LATERAL with LIMIT has each task found by index: no plan may take a join with the whole table for cheaper. The array
  // has the planner expect few: it would think the statement worth compiling (jit_above_cost), which takes longer than
  // any run.
  return sql`${gather(value)},
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
    )`;
}
