import { sql } from 'drizzle-orm/sql';
import { deleteFirst } from '../../db/sql/delete-first.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';

/** Removes deleted tasks that can no longer be restored, with their notes; their ids are free then. */
export const REMOVE_DELETED = defineRenewal<{ readonly deleted_days: number }, number>({
  name: 'remove_deleted',
  build: (value) => ({
    steps: sql`
    removed as (${deleteFirst('deleted_tasks', {
      among: sql`deleted_at < task_clock() - make_interval(days => ${value('deleted_days')}::int)`,
      by: 'deleted_at',
      most: REMOVED_PER_STEP.deleted,
    })}
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
