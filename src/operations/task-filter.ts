import { type SQL, sql } from 'drizzle-orm/sql';
import type { TaskFilter, TaskState } from '../contract/task-filter.ts';
import { constant } from '../db/sql/constant.ts';
import type { Bind } from '../db/statement.ts';
import { LIMITS, STATUSES, type Status } from '../domain/task.ts';

/** What a filter binds; null stands for any. */
export type FilterValues = {
  readonly project: string;
  /** Never null. */
  readonly statuses: readonly Status[];
  readonly state: TaskState | null;
  readonly label: string | null;
  readonly generator_name: string | null;
  readonly claimed_by: string | null;
  readonly priority_min: number | null;
  readonly priority_max: number | null;
  readonly created_after: string | null;
  readonly created_before: string | null;
  readonly updated_after: string | null;
  readonly updated_before: string | null;
  readonly id_prefix: string | null;
  readonly q: string | null;
  /** Whether the statuses, which are seldom few, are a source as well. */
  readonly gathers_statuses: boolean;
  /** Whether to have `candidates` where no source fits, too. */
  readonly counts: boolean;
};

/** Binds what a filter asks for. */
export function filterValues(
  project: string,
  { status, ...given }: TaskFilter,
  how: Pick<FilterValues, 'gathers_statuses' | 'counts'>,
): FilterValues {
  const statuses = status ?? STATUSES;
  return {
    ...how,
    project,
    // Every state is one of pending tasks.
    statuses: given.state === undefined ? statuses : statuses.filter((name) => name === 'pending'),
    state: given.state ?? null,
    label: given.label ?? null,
    generator_name: given.generator_name ?? null,
    claimed_by: given.claimed_by ?? null,
    priority_min: given.priority_min ?? null,
    priority_max: given.priority_max ?? null,
    created_after: given.created_after ?? null,
    created_before: given.created_before ?? null,
    updated_after: given.updated_after ?? null,
    updated_before: given.updated_before ?? null,
    id_prefix: given.id_prefix ?? null,
    q: given.q ?? null,
  };
}

/** What the step `asked` has, of src/operations/task-sources.ts. */
export const QUERY = sql`(select query from asked)`;
export const NOW = sql`(select now from asked)`;

/** What a page looks at, and a source gives; one more tells that there are more. */
export const MOST = LIMITS.tasksLookedAt;

/** How a task in that state is told, by the row `task`; the same as of readiness_counts. */
const STATE_CONDITIONS: Readonly<Record<TaskState, SQL>> = {
  ready: sql`task.ready_at is null or task.ready_at <= ${NOW}`,
  delayed: sql`task.ready_at < 'infinity' and task.ready_at > ${NOW}`,
  blocked: sql`task.unmet_needs > 0 and task.stuck_needs = 0`,
  stuck: sql`task.unmet_needs > 0 and task.stuck_needs > 0`,
};

/** Whether a row `task` of `tasks` passes the filter. Looks into an index of words once a row, so bound the rows. */
export function passes(value: Bind<FilterValues>): SQL {
  const unlessNull = (name: keyof FilterValues, type: string, condition: (bound: SQL) => SQL) => {
    const bound = sql`${value(name)}::${sql.raw(type)}`;
    return sql`(${bound} is null or ${condition(bound)})`;
  };
  const states = Object.entries(STATE_CONDITIONS).map(
    ([name, condition]) => sql`when ${constant(name)} then ${condition}`,
  );
  const own = sql`coalesce(task.own_priority, task.priority)`;
  return sql.join(
    [
      sql`task.status = any(${value('statuses')}::text[])`,
      unlessNull('state', 'text', (state) => sql`case ${state} ${sql.join(states, sql` `)} end`),
      unlessNull('label', 'text', (label) => sql`task.labels ? ${label}`),
      unlessNull('generator_name', 'text', (name) => sql`task.generator_name = ${name}`),
      unlessNull('claimed_by', 'text', (agent) => sql`task.claimed_by = ${agent}`),
      unlessNull('priority_min', 'int', (least) => sql`${own} >= ${least}`),
      unlessNull('priority_max', 'int', (most) => sql`${own} <= ${most}`),
      unlessNull('created_after', 'timestamptz', (after) => sql`task.created_at > ${after}`),
      unlessNull('created_before', 'timestamptz', (before) => sql`task.created_at < ${before}`),
      unlessNull('updated_after', 'timestamptz', (after) => sql`task.updated_at > ${after}`),
      unlessNull('updated_before', 'timestamptz', (before) => sql`task.updated_at < ${before}`),
      unlessNull('id_prefix', 'text', (prefix) => sql`starts_with(task.task_id, ${prefix})`),
      // No EXISTS, which the planner might answer by reading the whole table once.
      unlessNull(
        'q',
        'text',
        () => sql`(
            task.seq in (select seq from noted)
            or coalesce((
              select document @@ ${QUERY}
              from task_search
              where task_search.project_id = task.project_id
                and task_search.seq = task.seq
            ), false)
          )`,
      ),
    ],
    sql`
          and `,
  );
}
