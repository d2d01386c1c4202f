import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';
import { tsvector } from './tsvector-column.ts';

/**
 * What a task is found by and what no claim and no move changes; triggers keep it in step with `tasks`. An index of
 * `tasks` itself would have every claim and every move write to it.
 */
export const taskSearch = pgTable(
  'task_search',
  {
    project_id: text().notNull(),
    /** That of the task. */
    seq: bigint({ mode: 'number' }).notNull(),
    task_id: text().notNull(),
    generator_name: text(),
    /** The task's own, whoever waits for it. */
    priority: smallint().notNull(),
    created_at: moment().notNull(),
    /** The words of its description and context notes, and its project as a word of its own. */
    document: tsvector().notNull(),
  },
  (one) => [
    primaryKey({ name: 'task_search_pkey', columns: [one.project_id, one.seq] }),
    index('task_search_by_priority').on(one.project_id, one.priority, one.seq),
    index('task_search_by_creation').on(one.project_id, one.created_at, one.seq),
    index('task_search_by_generator')
      .on(one.project_id, one.generator_name, one.seq)
      .where(sql`${one.generator_name} is not null`),
    // Byte by byte, whatever the collation of the database, so that a prefix is a range.
    index('task_search_by_id').on(one.project_id, sql`${one.task_id} collate "C"`),
    index('task_search_by_words').using('gin', one.document),
  ],
);
