import { sql } from 'drizzle-orm/sql';
import { encodeCursor } from '../contract/cursor.ts';
import { listNotesInput, listNotesOutput, type Note } from '../contract/notes.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRead } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { noteColumns, toNote } from './shown-note.ts';

type Bounds = ProjectScope & {
  readonly project: string;
  readonly task_id: string;
  /** The version of the last note of the page before; 0 for the start. */
  readonly cursor: number;
  readonly max_rows: number;
};

// One row without a note tells that there is such a task all the same.
const LIST_NOTES = defineRead<Bounds, Note | undefined>({
  name: 'list_notes',
  build: (value) => sql`
    select ${noteColumns('page')}
    from (
      select project_id, seq
      from tasks
      where task_id = ${value('task_id')}
        and project_id = ${value('project')}
        and ${isAllowed(value('project'), value('allowed_projects'))}
    ) as asked
    left join lateral (
      select *
      from task_notes
      where task_notes.project_id = asked.project_id
        and task_notes.task_seq = asked.seq
        and version > ${value('cursor')}::bigint
      order by version
      limit ${value('max_rows')}
    ) as page on true
    order by page.version`,
  toRow: (row) => (row['version'] === null ? undefined : toNote(row)),
});

/** The notes of a task, page by page. Rejects with `task_not_found`. */
export const listNotes = defineOperation({
  name: 'list_notes',
  scope: 'read',
  summary: 'List the notes of a task',
  description: 'Lists notes, the oldest first, page by page: pass next_cursor as cursor until it is null.',
  answer: 'One page of notes',
  errors: ['task_not_found'],
  input: listNotesInput,
  output: listNotesOutput,
  projects: ({ project }) => [project],
  statements: [LIST_NOTES],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server' }],
  async run({ run }, { task_id, project, limit = LIMITS.notesPerPage, cursor }) {
    // One more than asked for shows whether there is a next page.
    const found = await run(LIST_NOTES, { project, task_id, cursor, max_rows: limit + 1 });
    if (found.length === 0) throw refusal('task_not_found', { task_id });
    const notes = found.slice(0, limit).filter((note) => note !== undefined);
    const last = notes.at(-1);
    return {
      notes,
      count: notes.length,
      next_cursor: last !== undefined && found.length > limit ? encodeCursor(last.version) : null,
    };
  },
});
