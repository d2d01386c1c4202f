import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';

/** Deleted tasks that can still be restored; their ids are taken. Only adding, restoring and the upkeep look here. */
export const deletedTasks = pgTable(
  'deleted_tasks',
  {
    project_id: text().notNull(),
    task_id: text().notNull(),
    /** That of the task, by which its notes are found. */
    seq: bigint({ mode: 'number' }).notNull(),
    deleted_at: moment().notNull(),
    task: jsonb().notNull(),
    attempts: jsonb().notNull(),
    /** What it needed of other tasks; needs of artifacts follow from its inputs. */
    needs: jsonb().notNull(),
    /** The ids of the tasks that needed it. */
    dependents: jsonb().notNull(),
  },
  (deleted) => [
    primaryKey({ name: 'deleted_tasks_pkey', columns: [deleted.project_id, deleted.task_id] }),
    index('deleted_tasks_by_age').on(deleted.deleted_at),
  ],
);
