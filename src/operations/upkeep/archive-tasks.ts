import { sql } from 'drizzle-orm/sql';
import { constant } from '../../db/sql/constant.ts';
import { distinctProjects } from '../../db/sql/distinct-projects.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';
import { STATUSES, type Status } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';

const MOST = constant(REMOVED_PER_STEP.tasks);

/** From these, only a reset leads on. */
const ENDED: readonly Status[] = STATUSES.filter((status) =>
  TRANSITIONS.every(({ from, by }) => from !== status || by === 'reset'),
);
const ENDED_STATUSES = sql`array[${sql.join(ENDED.map(constant), sql`, `)}]`;

// Looks at the oldest ended tasks of each project and status by the index of their creation. The trigger on deletions
// writes the events; set_config tells it of what kind they are, and whose.
export const ARCHIVE_TASKS = defineRenewal<{ readonly task_days: number }, number>({
  name: 'archive_tasks',
  build: (value) => ({
    steps: sql`${distinctProjects('projects', 'tasks')},
    old as materialized (
      select ended.project_id, ended.task_id
      from projects
      cross join unnest(${ENDED_STATUSES}) as one (status)
      cross join lateral (
        select project_id, task_id, updated_at
        from tasks
        where tasks.project_id = projects.project_id
          and tasks.status = one.status
        order by seq
        limit ${MOST}
      ) as ended
      where ended.updated_at < task_clock() - make_interval(days => ${value('task_days')}::int)
      limit ${MOST}
    ),
    locked as materialized (
      select tasks.*
      from tasks
      join old using (project_id, task_id)
      where tasks.status = any(${ENDED_STATUSES})
      for update of tasks skip locked
    ),
    archived as (
      insert into archived_tasks (project_id, task_id, seq, archived_at, task, attempts)
      select
        project_id, task_id, seq, task_clock(), to_jsonb(locked),
        (
          select coalesce(jsonb_agg(to_jsonb(attempts) order by attempts.seq), '[]')
          from attempts
          where attempts.project_id = locked.project_id
            and attempts.task_id = locked.task_id
        )
      from locked
      where set_config('task_tracker.removal', 'archived', true) is not null
        and set_config('task_tracker.caller', 'upkeep', true) is not null
      returning project_id, task_id
    ),
    removed as (
      delete from tasks
      using archived
      where tasks.project_id = archived.project_id
        and tasks.task_id = archived.task_id
      returning tasks.task_id
    )`,
    outcome: sql`select count(*) as removed from removed`,
  }),
  toRow: (row) => Number(row['removed']),
});
