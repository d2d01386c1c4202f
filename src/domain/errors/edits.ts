import { LIMITS } from '../task.ts';
import { type Code, form } from './form.ts';

/** What edits, notes and restorations can meet. */
export const EDIT_ERRORS = {
  not_deleted: {
    status: 404,
    meaning: 'The project has no deleted task with that id, or no longer; nothing was changed',
    forms: {
      not_deleted: form<{ task_id: string }>({
        fact: ({ task_id }) => `No deleted task ${task_id} can be restored`,
        remedy: [{ operation: 'get_task' }, ' to see whether it is there, or ', { operation: 'add_tasks' }],
        example: { task_id: 'TASK-051' },
      }),
    },
  },
  revision_conflict: {
    status: 412,
    meaning: 'Somebody has edited the task since the expected revision; nothing was changed',
    forms: {
      revision_conflict: form<{ task_id: string; revision: number }>({
        fact: ({ task_id, revision }) =>
          `Task ${task_id} has revision ${revision}, not the expected one; nothing was changed`,
        remedy: [{ operation: 'get_task' }, ' for what it is now, and edit that'],
        details: (facts) => facts,
        hint: [
          { operation: 'get_task' },
          ', merge your edit, and send it with the revision that it has then',
        ],
        example: { task_id: 'TASK-051', revision: 4 },
      }),
    },
  },
  count_conflict: {
    status: 412,
    meaning: 'A change of many tasks would meet another number of them than expected; nothing was changed',
    forms: {
      count_conflict: form<{ matched: number; expected: number; has_more: boolean }>({
        fact: ({ matched, expected, has_more }) =>
          `The request meets ${matched} tasks${has_more ? ', with more after them' : ''}, not ${expected}; nothing was changed`,
        remedy: 'Look at them with dry_run, and send the number that you mean',
        details: (facts) => facts,
        example: { matched: 412, expected: 400, has_more: false },
      }),
    },
  },
  not_editable: {
    status: 409,
    meaning: 'What the task has, or has been through, does not allow the edit; nothing was changed',
    forms: {
      outputs_fixed: form<{ task_id: string }>({
        fact: ({ task_id }) =>
          `Task ${task_id} is completed, so its inputs and expected_outputs stay; nothing was changed`,
        remedy: 'Leave these fields out, or reset the task first',
        example: { task_id: 'TASK-051' },
      }),
      attempts_used: form<{ task_id: string; attempt: number }>({
        fact: ({ task_id, attempt }) =>
          `Task ${task_id} has had ${attempt} attempts, so max_attempts cannot be less; nothing was changed`,
        remedy: 'Send at least as many, or reset the task first',
        details: (facts) => facts,
        example: { task_id: 'TASK-051', attempt: 3 },
      }),
      metadata_too_large: form<{ task_id: string }>({
        fact: ({ task_id }) =>
          `The metadata of task ${task_id} would have more than ${LIMITS.metadataBytes} bytes as JSON; nothing was changed`,
        remedy: 'Take members away in the same patch, by null',
        example: { task_id: 'TASK-051' },
      }),
    },
  },
  too_many_notes: {
    status: 409,
    meaning: 'The task has as many notes as it may have; nothing was changed',
    forms: {
      too_many_notes: form<{ task_id: string }>({
        fact: ({ task_id }) => `Task ${task_id} has ${LIMITS.notesPerTask} notes already`,
        remedy: ['Write to context_notes by ', { operation: 'edit_task' }, ', or note it on another task'],
        example: { task_id: 'TASK-051' },
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
