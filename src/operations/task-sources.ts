import { type SQL, sql } from 'drizzle-orm/sql';
import type { TaskState } from '../contract/task-filter.ts';
import { constant } from '../db/sql/constant.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import type { Bind } from '../db/statement.ts';
import { LIMITS } from '../domain/task.ts';
import { type FilterValues, MOST, NOW, QUERY } from './task-filter.ts';

const ENOUGH = constant(MOST + 1);

/** One way to few tasks: the seq of those that an index gives for one part of the filter. */
interface Source {
  readonly name: string;
  readonly isGiven: SQL;
  readonly from: SQL;
}

/** A parameter that is compared with null only has no type of its own. */
const isText = (value: Bind<FilterValues>, name: keyof FilterValues) => sql`${value(name)}::text is not null`;

const anyOf = (value: Bind<FilterValues>, ...names: (keyof FilterValues)[]) =>
  sql`(${sql.join(
    names.map((name) => isText(value, name)),
    sql` or `,
  )})`;

/** The row `tasks`, in an order that an index has, so that no plan reads more than is asked for. */
const pending = (value: Bind<FilterValues>, state: TaskState, condition: SQL, order: SQL) => sql`
      (
        select seq
        from tasks
        where ${value('state')}::text = ${constant(state)}
          and project_id = ${value('project')}
          and status = 'pending'
          and ${condition}
        order by ${order}
        limit ${hiddenLimit(ENOUGH)}
      )`;

function ofState(value: Bind<FilterValues>): SQL {
  const isDue = sql`ready_at < 'infinity' and ready_at > '-infinity' and ready_at <= ${NOW}`;
  const isNotDue = sql`ready_at < 'infinity' and ready_at > ${NOW}`;
  return sql`(${sql.join(
    [
      pending(value, 'ready', sql`ready_at is null`, sql`priority, seq`),
      pending(value, 'ready', isDue, sql`ready_at`),
      pending(value, 'delayed', isNotDue, sql`ready_at`),
      pending(value, 'blocked', sql`unmet_needs > 0 and stuck_needs = 0`, sql`stuck_needs, seq`),
      pending(value, 'stuck', sql`unmet_needs > 0 and stuck_needs > 0`, sql`stuck_needs, seq`),
    ],
    sql`
      union all`,
  )}
      ) as found`;
}

/** Those that usually give fewer come first. */
function sourcesOf(value: Bind<FilterValues>): readonly Source[] {
  const project = sql`project_id = ${value('project')}`;
  const range = (low: SQL, high: SQL) => sql`between ${low} and ${high}`;
  return [
    {
      name: 'claimed',
      isGiven: anyOf(value, 'claimed_by'),
      from: sql`tasks where ${project} and claimed_by = ${value('claimed_by')} order by claim_slot`,
    },
    {
      name: 'labelled',
      isGiven: anyOf(value, 'label'),
      from: sql`task_labels where ${project} and label = ${value('label')} order by seq`,
    },
    {
      // The words have the project among them: a condition on the column might have every task of it read.
      name: 'worded',
      isGiven: anyOf(value, 'q'),
      from: sql`(
          (select seq from task_search where document @@ ${QUERY} limit ${ENOUGH})
          union
          select seq from noted
        ) as found`,
    },
    {
      name: 'prefixed',
      isGiven: anyOf(value, 'id_prefix'),
      // No character of an id comes after a tilde.
      from: sql`task_search
        where ${project}
          and task_id collate "C" >= ${value('id_prefix')}
          and task_id collate "C" < ${value('id_prefix')}::text || '~'
        order by task_id collate "C"`,
    },
    {
      name: 'generated',
      isGiven: anyOf(value, 'generator_name'),
      from: sql`task_search where ${project} and generator_name = ${value('generator_name')} order by seq`,
    },
    { name: 'in_state', isGiven: anyOf(value, 'state'), from: ofState(value) },
    {
      name: 'prioritized',
      isGiven: anyOf(value, 'priority_min', 'priority_max'),
      from: sql`task_search
        where ${project}
          and priority ${range(
            sql`coalesce(${value('priority_min')}::int, 0)`,
            sql`coalesce(${value('priority_max')}::int, ${constant(LIMITS.lastPriority)})`,
          )}
        order by priority, seq`,
    },
    {
      name: 'created',
      isGiven: anyOf(value, 'created_after', 'created_before'),
      from: sql`task_search
        where ${project}
          and created_at > coalesce(${value('created_after')}::timestamptz, '-infinity')
          and created_at < coalesce(${value('created_before')}::timestamptz, 'infinity')
        order by created_at, seq`,
    },
    {
      name: 'in_status',
      isGiven: sql`${value('gathers_statuses')}::boolean`,
      from: sql`unnest(${value('statuses')}::text[]) as wanted (status)
        cross join lateral (
          select seq
          from tasks
          where ${project}
            and tasks.status = wanted.status
          order by seq
          limit ${hiddenLimit(ENOUGH)}
        ) as found`,
    },
  ];
}

/**
 * The steps `asked`, `noted`, `source` and `candidates`. Each part of the filter that has an index is tried in turn until
 * one gives no more than MOST tasks; `source` tells whether one did (`fits`), and whether `noted` has no more. Where none
 * fits, `candidates` has some of the first that was tried, if they are to be counted.
 */
export function gather(value: Bind<FilterValues>): SQL {
  const sources = sourcesOf(value);
  const step = (name: string) => sql.identifier(name);
  const fits = (name: string) => sql`(select fits from ${step(`${name}_fit`)})`;
  const tried = sources.map(({ name, isGiven, from }, index) => {
    const before = sources[index - 1];
    const isDone = before === undefined ? sql`false` : fits(before.name);
    // The condition is settled once, before anything is read.
    return sql`
    ${step(name)} as materialized (
      select found.seq
      from (select where ${isGiven} and not ${isDone}) as one
      cross join lateral (select seq from ${from} limit ${hiddenLimit(ENOUGH)}) as found
    ),
    ${step(`${name}_fit`)} as materialized (
      select ${isDone} or (${isGiven} and (select count(*) from ${step(name)}) < ${ENOUGH}) as fits
    )`;
  });
  const last = sources.at(-1)?.name ?? '';
  const taken = sources.map(({ name, isGiven }, index) => {
    const earlier = sources.slice(0, index);
    const isFirst = sql`not (${sql.join([...earlier.map((one) => one.isGiven), sql`false`], sql` or `)})`;
    const before = earlier.at(-1);
    const isChosen = sql`${fits(name)} and not ${before === undefined ? sql`false` : fits(before.name)}`;
    const isCounted = sql`${value('counts')}::boolean and ${isGiven} and ${isFirst} and not ${fits(last)}`;
    return sql`
      select seq from ${step(name)} where (${isChosen}) or (${isCounted})`;
  });
  return sql`
    asked as materialized (
      select
        search_query(${value('project')}, ${value('q')}) as query,
        search_words(${value('q')}) as words,
        task_clock() as now
    ),
    noted as materialized (
      select seq, max(rank) as rank, max(met) as met
      from (
        select task_seq as seq, ts_rank(document, (select words from asked)) as rank, count(*) over () as met
        from (
          select task_seq, document
          from task_notes
          where document @@ ${QUERY}
          limit ${ENOUGH}
        ) as one
      ) as note
      group by seq
    ),${sql.join(tried, sql`,`)},
    source as materialized (
      select ${fits(last)} as fits, coalesce((select max(met) from noted), 0) < ${ENOUGH} as knows_notes
    ),
    candidates as materialized (${sql.join(
      taken,
      sql`
      union all`,
    )}
    )`;
}
