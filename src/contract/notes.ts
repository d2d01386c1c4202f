import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { cursor } from './cursor.ts';
import { EXAMPLE_NOTE } from './examples.ts';
import { project, taskId, unlessLeftOut, wholeNumber } from './fields.ts';
import { text } from './text.ts';

export const note = z
  .strictObject({
    version: z.int().meta({ description: 'Of the task, which the note led to; no other note of it has it' }),
    at: z.iso.datetime(),
    author: z.string().meta({ description: 'The name of the credential' }),
    agent_id: z.string().nullable(),
    text: z.string(),
  })
  .meta({ example: EXAMPLE_NOTE });

export type Note = z.infer<typeof note>;

export const addNoteInput = {
  fields: {
    task_id: taskId,
    project,
    text: text({ min: 1, max: LIMITS.notesCharacters }).meta({ example: EXAMPLE_NOTE.text }),
    agent_id: unlessLeftOut(
      text({ min: 1, max: LIMITS.agentIdCharacters }).nullable(),
      null,
      'The agent that writes, where one does',
    ),
  },
};

export const addNoteOutput = z
  .strictObject({ added_note: note })
  .meta({ example: { added_note: EXAMPLE_NOTE } });

export const listNotesInput = {
  fields: { task_id: taskId, project, limit: wholeNumber(1, LIMITS.notesPerPage).optional(), cursor },
};

export const listNotesOutput = z
  .strictObject({
    notes: z.array(note).meta({ description: 'The oldest first' }),
    count: z.int().meta({ description: 'The number of notes on this page' }),
    next_cursor: z.string().nullable().meta({ description: 'null on the last page' }),
  })
  .meta({ example: { notes: [EXAMPLE_NOTE], count: 1, next_cursor: null } });
