import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/**
 * Which tasks have a label, in order of creation; triggers keep it in step with `tasks.labels`. An index of that column
 * would have no order, and each claim of a task with labels would have to write to it.
 */
export const taskLabels = pgTable(
  'task_labels',
  {
    project_id: text().notNull(),
    label: text().notNull(),
    /** That of the task. */
    seq: bigint({ mode: 'number' }).notNull(),
  },
  (one) => [primaryKey({ name: 'task_labels_pkey', columns: [one.project_id, one.label, one.seq] })],
);
