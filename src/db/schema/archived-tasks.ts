import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';

/** Ended tasks that were taken out of `tasks`, each with its attempts. No verb of the service reads them. */
export const archivedTasks = pgTable(
  'archived_tasks',
  {
    project_id: text().notNull(),
    task_id: text().notNull(),
    /** That of the task, which no other ever had: an id may come again. */
    seq: bigint({ mode: 'number' }).notNull(),
    archived_at: moment().notNull(),
    task: jsonb().notNull(),
    attempts: jsonb().notNull(),
  },
  (archived) => [
    primaryKey({ name: 'archived_tasks_pkey', columns: [archived.project_id, archived.seq] }),
    index('archived_tasks_by_id').on(archived.project_id, archived.task_id),
  ],
);
