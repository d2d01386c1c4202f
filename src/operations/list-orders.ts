import { type SQL, sql } from 'drizzle-orm/sql';
import type { Sort } from '../contract/list-tasks.ts';
import { constant } from '../db/sql/constant.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import type { Bind } from '../db/statement.ts';
import { LIMITS, STATUSES } from '../domain/task.ts';
import { type FilterValues, MOST } from './task-filter.ts';

/** Where a list goes on: after that key and seq. */
export interface Place {
  readonly key: number;
  readonly seq: number;
}

export type OrderValues = FilterValues & {
  readonly after_key: number;
  readonly after_seq: number;
};

/** How a list is ordered: by a whole number of each task, and among equals by `seq`. */
export interface Order {
  readonly isBackward: boolean;
  /** Of the row `task`; with `rank` where q counts. */
  readonly key: SQL;
  /**
   * Before every task that the range of the filter lets in. The walk has no other bound at this end: an index reads on
   * from one, and would pass over all between the two.
   */
  readonly start: (filter: FilterValues) => Place;
  /** The next tasks, whatever the filter says, from an index. Undefined without one: such a list has to be gathered. */
  readonly walk?: Walk;
}

interface Walk {
  /** The rows after the place, as `key`, `seq` and what they are ordered by. */
  readonly rows: (value: Bind<OrderValues>) => SQL;
  /** The columns of the index; to order by anything that is computed would have all of it sorted. */
  readonly by: readonly string[];
}

/** The last moment that a task can have been created at, in milliseconds. */
const LAST_MOMENT = Date.UTC(10_000, 0);
const LAST = Number.MAX_SAFE_INTEGER;

const milliseconds = (moment: SQL) => sql`(extract(epoch from ${moment}) * 1000)::bigint`;
/** The columns as a list to order by. */
export function inOrder(columns: readonly SQL[], isBackward: boolean): SQL {
  return sql.join(
    columns.map((column) => (isBackward ? sql`${column} desc` : column)),
    sql`, `,
  );
}

const beyond = (isBackward: boolean) => (isBackward ? sql`<` : sql`>`);

/** By creation as `seq` tells it, which each status has an index of; each part is in order, so that they are merged. */
const byCreation = (isBackward: boolean): Order => ({
  isBackward,
  key: sql`0`,
  start: () => ({ key: 0, seq: isBackward ? LAST : 0 }),
  walk: {
    by: ['seq'],
    rows: (value) =>
      sql.join(
        STATUSES.map(
          (status) => sql`
          (
            select 0 as key, seq
            from tasks
            where ${constant(status)} = any(${value('statuses')}::text[])
              and project_id = ${value('project')}
              and status = ${constant(status)}
              and seq ${beyond(isBackward)} ${value('after_seq')}::bigint
            order by ${inOrder([sql`seq`], isBackward)}
            limit ${hiddenLimit(constant(MOST))}
          )`,
        ),
        sql`
          union all`,
      ),
  },
});

/** By the moment of creation, where the filter has a range of it. */
const byMoment = (isBackward: boolean): Order => ({
  isBackward,
  key: milliseconds(sql`task.created_at`),
  start: ({ created_after, created_before }) =>
    isBackward
      ? { key: created_before === null ? LAST_MOMENT : Date.parse(created_before), seq: 0 }
      : { key: created_after === null ? 0 : Date.parse(created_after), seq: LAST },
  walk: {
    by: ['created_at', 'seq'],
    rows: (value) => sql`
          select ${milliseconds(sql`created_at`)} as key, seq, created_at
          from task_search
          where project_id = ${value('project')}
            and (created_at, seq) ${beyond(isBackward)} (
              timestamptz 'epoch' + ${value('after_key')}::bigint * interval '1 millisecond',
              ${value('after_seq')}::bigint
            )
            and ${
              isBackward
                ? sql`created_at > coalesce(${value('created_after')}::timestamptz, '-infinity')`
                : sql`created_at < coalesce(${value('created_before')}::timestamptz, 'infinity')`
            }`,
  },
});

const byPriority = (isBackward: boolean): Order => ({
  isBackward,
  key: sql`coalesce(task.own_priority, task.priority)`,
  start: ({ priority_min, priority_max }) =>
    isBackward
      ? { key: (priority_max ?? LIMITS.lastPriority) + 1, seq: 0 }
      : { key: (priority_min ?? 0) - 1, seq: LAST },
  walk: {
    by: ['key', 'seq'],
    rows: (value) => sql`
          select priority as key, seq
          from task_search
          where project_id = ${value('project')}
            and (priority, seq) ${beyond(isBackward)} (${value('after_key')}::bigint, ${value('after_seq')}::bigint)
            and ${
              isBackward
                ? sql`priority >= coalesce(${value('priority_min')}::int, 0)`
                : sql`priority <= coalesce(${value('priority_max')}::int, ${constant(LIMITS.lastPriority)})`
            }`,
  },
});

/** No index: a heartbeat with progress would write to it. */
const byChange = (isBackward: boolean): Order => ({
  isBackward,
  key: milliseconds(sql`task.updated_at`),
  start: () => (isBackward ? { key: LAST_MOMENT, seq: LAST } : { key: 0, seq: 0 }),
});

/** The best first; words in the description count more than those in notes. */
const BY_RELEVANCE: Order = {
  isBackward: false,
  key: sql`(-1000000 * (
        coalesce((
          select ts_rank(document, (select words from asked))
          from task_search
          where task_search.project_id = task.project_id
            and task_search.seq = task.seq
        ), 0)
        + coalesce((select rank from noted where noted.seq = task.seq), 0)
      ))::bigint`,
  start: () => ({ key: -LAST, seq: 0 }),
};

/** THE table of orders. */
const ORDERS = {
  created: byCreation(false),
  created_back: byCreation(true),
  moment: byMoment(false),
  moment_back: byMoment(true),
  priority: byPriority(false),
  priority_back: byPriority(true),
  updated: byChange(false),
  updated_back: byChange(true),
  relevance: BY_RELEVANCE,
} as const satisfies Readonly<Record<string, Order>>;

export type OrderName = keyof typeof ORDERS;

/** The compiler would make each order its own type. */
export const orderOf = (name: OrderName): Order => ORDERS[name];

export const ORDER_NAMES = Object.keys(ORDERS) as OrderName[];

/** The order of a list; a range of moments has a list of creation go by these. */
export function orderNameOf(sort: Sort, hasMoments: boolean): OrderName {
  switch (sort) {
    case 'created':
      return hasMoments ? 'moment' : 'created';
    case '-created':
      return hasMoments ? 'moment_back' : 'created_back';
    case 'priority':
      return 'priority';
    case '-priority':
      return 'priority_back';
    case 'updated':
      return 'updated';
    case '-updated':
      return 'updated_back';
    case 'relevance':
      return 'relevance';
  }
}
