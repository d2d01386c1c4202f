import { sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { isPast } from '../db/sql/moment.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { isLate } from '../db/sql/ready.ts';
import { defineRenewal } from '../db/statement.ts';
import { MAX_TIDIED } from '../domain/claims.ts';

/**
 * Brings the indexes of claims up to date, a bounded number of rows at a time: what has become due is ready, and a lease
 * that was renewed is looked at again at its end. Changes nothing that a client sees. A claim would spend a tenth of its
 * time on it, so only one that saw something to do sends it.
 */
export const TIDY_TASKS = defineRenewal<ProjectScope & { readonly project_id: string }, true>({
  name: 'tidy_tasks',
  isAside: true,
  build: (value) => {
    const ofProject = sql`project_id = ${value('project_id')}
        and ${isAllowed(value('project_id'), value('allowed_projects'))}`;
    const now = sql`(select now from clock)`;
    return {
      steps: sql`
    clock as materialized (
      select task_clock() as now
    ),
    late as (
      select task_id, project_id
      from tasks
      where ${ofProject}
        and status = 'pending'
        and ${isLate(now)}
      order by ready_at
      limit ${constant(MAX_TIDIED)}
      for update of tasks skip locked
    ),
    ready as (
      update tasks
      set ready_at = null
      from late
      where tasks.task_id = late.task_id
        and tasks.project_id = late.project_id
    ),
    outlived as (
      select task_id, project_id
      from tasks
      where ${ofProject}
        and ${isPast(sql`lease_check_at`, now)}
        and lease_expires_at > ${now}
      order by lease_check_at
      limit ${constant(MAX_TIDIED)}
      for update of tasks skip locked
    ),
    rescheduled as (
      update tasks
      set lease_check_at = tasks.lease_expires_at
      from outlived
      where tasks.task_id = outlived.task_id
        and tasks.project_id = outlived.project_id
    )`,
      outcome: sql`select true as is_tidied`,
    };
  },
  toRow: () => true,
});
