import { sql } from 'drizzle-orm/sql';
import { EXAMPLE_NOTE } from '../contract/examples.ts';
import { addNoteInput, addNoteOutput, type Note } from '../contract/notes.ts';
import { constant } from '../db/sql/constant.ts';
import { before, shortText } from '../db/sql/log.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineWrite } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { noteColumns, toNote } from './shown-note.ts';

type Values = ProjectScope & {
  readonly project: string;
  readonly task_id: string;
  readonly author: string;
  readonly agent_id: string | null;
  readonly text: string;
};

interface Outcome {
  readonly exists: boolean;
  /** Null where the task has as many as it may have. */
  readonly note: Note | null;
}

const ADD_NOTE = defineWrite<Values, Outcome>({
  name: 'add_note',
  build: (value) => ({
    steps: sql`
    target as materialized (
      select *
      from tasks
      where task_id = ${value('task_id')}
        and project_id = ${value('project')}
        and ${isAllowed(value('project'), value('allowed_projects'))}
      for no key update
    ),
    done as (
      update tasks
      set version = tasks.version + 1, updated_at = task_clock(), note_count = tasks.note_count + 1
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.note_count < ${constant(LIMITS.notesPerTask)}
      returning tasks.*, ${before('target')}
    ),
    noted as (
      insert into task_notes (project_id, task_seq, version, at, author, agent_id, text)
      select project_id, seq, version, updated_at, ${value('author')}, ${value('agent_id')}, ${value('text')}
      from done
      returning *
    )`,
    changes: [
      {
        rows: 'done',
        type: 'noted',
        agent: sql`${value('agent_id')}::text`,
        goesOn: true,
        own: sql`true`,
        data: sql`jsonb_build_object('text', ${shortText(sql`${value('text')}::text`)})`,
      },
    ],
    outcome: sql`
    select exists (select from target) as is_there, ${noteColumns('noted')}
    from (select) as one
    left join noted on true`,
    repeated: sql`
    select true as is_there, ${noteColumns('task_notes')}
    from own
    join tasks using (project_id, task_id)
    join task_notes
      on task_notes.project_id = own.project_id
      and task_notes.task_seq = tasks.seq
      and task_notes.version = own.version`,
  }),
  toRow: (row) => ({
    exists: row['is_there'] === true,
    note: row['version'] === null ? null : toNote(row),
  }),
});

/** Adds a note to a task in any status. Rejects with `task_not_found` or `too_many_notes`. */
export const addNote = defineOperation({
  name: 'add_note',
  scope: 'write',
  summary: 'Add a note to a task',
  description:
    'Adds a note with its author and time. Nobody changes a note afterwards, so no note overwrites another. A claim on the task goes on, and needs no token here.',
  answer: 'The note as it was added',
  errors: ['task_not_found', 'too_many_notes'],
  input: addNoteInput,
  output: addNoteOutput,
  projects: ({ project }) => [project],
  statements: [ADD_NOTE],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server', text: EXAMPLE_NOTE.text }],
  async run({ run, caller }, { task_id, project, text, agent_id }) {
    const [outcome] = await run(ADD_NOTE, { task_id, project, text, agent_id, author: caller.name });
    if (outcome?.exists !== true) throw refusal('task_not_found', { task_id });
    if (outcome.note === null) throw refusal('too_many_notes', { task_id });
    return { added_note: outcome.note };
  },
});
