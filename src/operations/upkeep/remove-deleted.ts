import { sql } from 'drizzle-orm/sql';
import { constant } from '../../db/sql/constant.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';

/** Removes deleted tasks that can no longer be restored, with their notes; their ids are free then. */
export const REMOVE_DELETED = defineRenewal<{ readonly deleted_days: number }, number>({
  name: 'remove_deleted',
  build: (value) => ({
    steps: sql`
    removed as (
      delete from deleted_tasks
      where ctid = any(array(
        select ctid
        from deleted_tasks
        where deleted_at < task_clock() - make_interval(days => ${value('deleted_days')}::int)
        order by deleted_at
        limit ${constant(REMOVED_PER_STEP.deleted)}
        for update skip locked
      ))
      returning project_id, seq
    ),
    unnoted as (
      delete from task_notes
      using removed
      where task_notes.project_id = removed.project_id
        and task_notes.task_seq = removed.seq
    )`,
    outcome: sql`select count(*) as removed from removed`,
  }),
  toRow: (row) => Number(row['removed']),
});
