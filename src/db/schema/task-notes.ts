import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

import { LIMITS } from '../../domain/task.ts';
import { number } from './literals.ts';
import { moment } from './moment-column.ts';
import { tsvector } from './tsvector-column.ts';

/** Notes on tasks, which nobody changes. They belong to a task and not to its id, which may come again. */
export const taskNotes = pgTable(
  'task_notes',
  {
    project_id: text().notNull(),
    /** The `seq` of the task. */
    task_seq: bigint({ mode: 'number' }).notNull(),
    /** Of the task, which the note led to; grows from note to note. */
    version: integer().notNull(),
    at: moment().notNull(),
    /** The name of the credential. */
    author: text().notNull(),
    agent_id: text(),
    text: text().notNull(),
    /** Its words, and its project as a word of its own. */
    document: tsvector().generatedAlwaysAs(sql`search_document(project_id, text, null)`),
  },
  (note) => [
    primaryKey({ name: 'task_notes_pkey', columns: [note.project_id, note.task_seq, note.version] }),
    index('task_notes_by_words').using('gin', note.document),
    check(
      'task_notes_text_length',
      sql`char_length(${note.text}) between 1 and ${number(LIMITS.notesCharacters)}`,
    ),
  ],
);
