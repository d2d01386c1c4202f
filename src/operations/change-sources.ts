import { type SQL, sql } from 'drizzle-orm/sql';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import type { Bind } from '../db/statement.ts';
import { type ChosenValues, chosenSteps, NO_END } from './chosen-steps.ts';
import type { ChangeValues } from './judged-changes.ts';
import { orderOf } from './list-orders.ts';
import { passes } from './task-filter.ts';

export type ChangeTasksValues = ProjectScope &
  ChangeValues &
  ChosenValues & {
    /** Null with a filter. */
    readonly ids: readonly string[] | null;
    readonly limit: number;
    readonly completion_notes: string | null;
    readonly delay_seconds: number | null;
    readonly dry_run: boolean;
    readonly expect_count: number | null;
  };

export type Value = Bind<ChangeTasksValues>;

/** Where the tasks come from: steps that end with `chosen` and `walk_end`, and what a task that is locked has to pass. */
export interface Source {
  readonly steps: (value: Value) => SQL;
  readonly passes: (value: Value) => SQL;
  readonly knowsNotes: SQL;
  /** Those that are named and not there; the first page tells of what it does not look at. */
  readonly unknown: (value: Value) => SQL;
}

/** Finds tasks as a list in one of these orders does. */
export const filtered = (order: 'created' | 'moment'): Source => ({
  steps: (value) => chosenSteps(value, orderOf(order)),
  passes,
  knowsNotes: sql`(select knows_notes from source)`,
  unknown: () => sql`select null::text as task_id where false`,
});

/** Finds tasks by their ids. */
export const NAMED: Source = {
  steps: (value) => sql`
    walk_end as (${NO_END}
    ),
    chosen as materialized (
      select 0::bigint as key, seq
      from tasks
      where project_id = ${value('project')}
        and task_id = any(${value('ids')}::text[])
        and (0, seq) > (${value('after_key')}::bigint, ${value('after_seq')}::bigint)
      order by seq
      limit ${value('max_rows')}
    )`,
  passes: () => sql`true`,
  knowsNotes: sql`true`,
  unknown: (value) => sql`
      select named.task_id
      from unnest(${value('ids')}::text[]) as named (task_id)
      left join tasks on tasks.project_id = ${value('project')} and tasks.task_id = named.task_id
      where ${isAllowed(value('project'), value('allowed_projects'))}
        and case
          when tasks.seq is null then ${value('after_seq')}::bigint = 0
          else tasks.seq in (select seq from looked) and tasks.seq not in (select seq from matched)
        end`,
};
