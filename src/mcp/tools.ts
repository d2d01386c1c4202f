import type { Call } from '../domain/explain.ts';
import { presentAdded } from './present/added.ts';
import { presentClaim, presentLease } from './present/claim.ts';
import { presentExplanation } from './present/explanation.ts';
import { presentList } from './present/list.ts';
import { presentNotes } from './present/notes.ts';
import { presentEdited, presentMoved, presentNext, presentTask } from './present/task.ts';
import { type Tool, tool } from './tool.ts';

const TOKEN = 'From claim_task';
const KEY = 'Makes a repetition safe';

/** THE table of the MCP door: which tool runs which operation, and what a model is told. The order never changes. */
export const TOOLS: readonly Tool[] = [
  tool({
    title: 'Get the next task',
    description: 'Shows the next due task and claims nothing. To work on it, use claim_task.',
    operation: 'next_task',
    arguments: { project: '', status: 'Default pending' },
    answers: { task: 'object', message: 'string' },
    present: presentNext,
  }),
  tool({
    title: 'Claim a task',
    description:
      'Gives you the next due task with its claim_token, for you alone. Asked again, gives back the task you hold. With wait_seconds, waits for one to come. Without a task, tells why.',
    operation: 'claim_task',
    arguments: {
      project: '',
      agent_id: 'Your name; keep it',
      lease_seconds: 'Default 900',
      generator_name: 'Only its tasks',
      capacity: 'Tasks to hold at once, default 1',
      wait_seconds: 'Use 45',
      idempotency_key: KEY,
    },
    answers: {
      task: 'object',
      claim_token: 'string',
      lease_expires_at: 'string',
      reason: 'string',
      retry_after_seconds: 'integer',
    },
    present: presentClaim,
  }),
  tool({
    title: 'Renew a claim',
    description:
      'Renews the lease of your claim. Call it before lease_expires_at. Stop the task where it answers continue: false.',
    operation: 'heartbeat_claim',
    arguments: {
      task_id: '',
      project: '',
      claim_token: TOKEN,
      lease_seconds: '',
      progress: '',
      checkpoint: 'Any JSON, for whoever goes on with the task',
      usage: 'Totals so far',
    },
    isIdempotent: true,
    answers: { lease_expires_at: 'string', continue: 'boolean', reason: 'string' },
    present: presentLease,
  }),
  tool({
    title: 'Move a task',
    description:
      'Moves a task: to completed with completion_notes, to failed with error (a claimed task is retried while attempts are left), to cancelled, or with reset back to pending.',
    operation: 'move_task',
    arguments: {
      task_id: '',
      project: '',
      status: '',
      claim_token: TOKEN,
      completion_notes: '',
      result: 'Any JSON, with completed',
      artifacts: 'With completed',
      error: '',
      delay_seconds: 'Pause before the retry',
      reset: '',
      idempotency_key: KEY,
    },
    answers: { task: 'object' },
    present: ({ updated_task }) => presentMoved(updated_task),
  }),
  tool({
    title: 'Give a task back',
    description: 'Ends your claim and makes the task pending again. Counts as no attempt.',
    operation: 'release_claim',
    arguments: {
      task_id: '',
      project: '',
      claim_token: TOKEN,
      delay_seconds: '',
      notes: 'For the next agent',
      reason: '',
      idempotency_key: KEY,
    },
    answers: { task: 'object' },
    present: ({ released_task }) => presentMoved(released_task),
  }),
  tool({
    title: 'Read a task',
    description: 'Shows all fields of a task. Where a text was cut, field and from read on.',
    operation: 'get_task',
    arguments: { task_id: '', project: '' },
    view: { field: { type: 'string' }, from: { type: 'integer' } },
    answers: { task: 'object', from: 'integer' },
    present: ({ task }, given) => presentTask(task, given),
  }),
  tool({
    title: 'List tasks',
    description: 'Lists tasks in the order of creation, as rows with cut descriptions.',
    operation: 'list_tasks',
    arguments: {
      project: '',
      status: 'One or more, with commas',
      state: '',
      label: '',
      q: 'Words to find',
      limit: 'Default 50, at most 100',
      cursor: 'next_cursor of the last page',
    },
    defaults: { limit: 50 },
    fixed: { view: 'brief' },
    answers: { columns: 'array', rows: 'array', next_cursor: 'string' },
    present: presentList,
  }),
  tool({
    title: 'Add tasks',
    description: 'Adds up to 500 tasks, all or none. Gives missing ids.',
    operation: 'add_tasks',
    arguments: { project: '', tasks: '', idempotency_key: KEY },
    answers: { tasks_added: 'integer' },
    present: presentAdded,
  }),
  tool({
    title: 'Explain a task',
    description: 'Tells what holds a task up, and the calls that change it.',
    operation: 'explain_task',
    arguments: { task_id: '', project: '' },
    answers: { claimable: 'boolean', unmet: 'array' },
    present: (told) => presentExplanation(told, toolOf),
  }),
  tool({
    title: 'Edit a task',
    description: 'Changes only the fields that you give.',
    operation: 'edit_task',
    arguments: {
      task_id: '',
      project: '',
      description: '',
      context_notes: '',
      priority: '',
      labels: '',
      inputs: '',
      expected_outputs: '',
      not_before: '',
      expected_revision: 'Refuses if somebody edited it since',
      idempotency_key: KEY,
    },
    answers: { task: 'object' },
    present: ({ updated_task }) => presentEdited(updated_task),
  }),
  tool({
    title: 'Note something',
    description: 'Adds a note to a task, for people and later agents. Needs no claim.',
    operation: 'add_note',
    arguments: { task_id: '', project: '', text: '', agent_id: 'Your name', idempotency_key: KEY },
    answers: { version: 'integer' },
    present: ({ added_note: { version } }) => ({ version }),
  }),
  tool({
    title: 'Read notes',
    description: 'Shows the notes of a task, the oldest first.',
    operation: 'list_notes',
    arguments: { task_id: '', project: '', cursor: 'next_cursor of the last page' },
    answers: { notes: 'array', next_cursor: 'string' },
    present: presentNotes,
  }),
];

/** The name of the tool that makes that very call; undefined where none takes its arguments. */
function toolOf({ operation, arguments: given }: Call): string | undefined {
  return TOOLS.find(
    (one) => one.operation === operation && Object.keys(given).every((name) => name in one.arguments),
  )?.name;
}
