import type { Status } from '../task.ts';
import { allowedFrom } from '../transitions.ts';
import type { Words } from '../words.ts';
import { type Code, type ErrorDetails, firstOf, form, type NoFacts } from './form.ts';

export interface TaskIdentity {
  readonly project_id: string;
  readonly task_id: string;
}

/** The task as the request found it. */
export interface MetTask {
  readonly task_id: string;
  readonly status: Status;
  /** The agent of the claim, even after its lease expired; null without a claim. */
  readonly holder: { readonly agent_id: string; readonly lease_expires_at: string } | null;
}

const IDS_IN_SENTENCE = 20;

const stateOf = (reason: string, { status, holder }: MetTask): ErrorDetails => ({
  reason,
  status,
  holder,
  allowed: allowedFrom(status),
});

const ANOTHER_TASK: Words = [{ operation: 'claim_task' }, ' for another'];

export const TASK_ERRORS = {
  invalid_transition: {
    status: 400,
    meaning: 'The transition table does not lead from the status of the task to the requested one',
    forms: {
      // US-050, scenario 4, fixes the sentence; the details have the remedy, as bodies that would be accepted.
      invalid_transition: form<MetTask & { readonly to: Status }>({
        fact: ({ status, to }) => `Invalid status transition: ${status} → ${to}`,
        remedy: 'Make one of the moves in allowed',
        isFixed: true,
        details: (task) => ({ ...stateOf('invalid_transition', task), from: task.status, to: task.to }),
        hint: [
          'Make one of the moves in allowed, with the claim_token where the task is claimed, or ',
          ...ANOTHER_TASK,
          ' task',
        ],
        example: { task_id: 'TASK-051', status: 'completed', to: 'pending', holder: null },
      }),
    },
  },
  task_not_found: {
    status: 404,
    meaning: 'The project has no such task',
    forms: {
      task_not_found: form<{ task_id: string }>({
        fact: ({ task_id }) => `Task ${task_id} not found`,
        remedy: 'Check the task id and the project',
        isFixed: true,
        example: { task_id: 'TASK-051' },
      }),
    },
  },
  ambiguous_task: {
    status: 409,
    meaning: 'Several projects of the credential have a task with that id',
    forms: {
      ambiguous_task: form<{ task_id: string }>({
        fact: ({ task_id }) => `Task ${task_id} exists in several projects`,
        remedy: ['Add ', { argument: 'project', value: '<project_id>' }, ' to say which one'],
        details: (facts) => facts,
        hint: ['Send the same request with ', { argument: 'project', value: '<project_id>' }],
        example: { task_id: 'TASK-051' },
      }),
    },
  },
  claim_lost: {
    status: 409,
    meaning: 'The claim of the token has ended, and nobody holds the task now; nothing was changed',
    forms: {
      claim_lost: form<MetTask>({
        fact: ({ task_id, status }) =>
          `The claim on task ${task_id} has ended: the task is ${status}, and nothing was changed`,
        remedy: 'Stop working on the task',
        isFixed: true,
        details: (task) => stateOf('claim_lost', task),
        hint: [
          'Stop working on this task, ',
          { operation: 'get_task' },
          ' to see what became of it, and ',
          ...ANOTHER_TASK,
        ],
        example: { task_id: 'TASK-051', status: 'pending', holder: null },
      }),
    },
  },
  claimed_by_other: {
    status: 409,
    meaning:
      'The task is claimed, and the request has no token or one of an earlier claim; nothing was changed',
    forms: {
      claimed_by_other: form<MetTask>({
        fact: ({ task_id, holder }) =>
          `Task ${task_id} is claimed by ${holder?.agent_id}, and the request does not carry the token of that claim; nothing was changed`,
        remedy: 'Leave the task to its holder',
        isFixed: true,
        details: (task) => stateOf('claimed_by_other', task),
        hint: [
          'Leave this task to its holder and ',
          ...ANOTHER_TASK,
          '; if the claim is yours, send its newest claim_token',
        ],
        example: {
          task_id: 'TASK-051',
          status: 'in_progress',
          holder: { agent_id: 'agent-7', lease_expires_at: '2025-10-18T10:45:00.000Z' },
        },
      }),
    },
  },
  task_exists: {
    status: 409,
    meaning: 'Some ids of the batch exist already; nothing was added',
    forms: {
      task_exists: form<{ existing: readonly TaskIdentity[] }>({
        fact: ({ existing }) => `Task ids exist already: ${firstOf(idsOf(existing), IDS_IN_SENTENCE)}`,
        remedy: 'Nothing was added; leave them out or choose other ids',
        details: ({ existing }) => ({ task_ids: idsOf(existing), existing }),
        hint: 'Send the batch without these tasks, or with other ids for them',
        example: { existing: [{ project_id: 'ai-agent-mcp-server', task_id: 'TASK-046' }] },
      }),
      task_id_deleted: form<{ existing: readonly TaskIdentity[]; deleted: readonly TaskIdentity[] }>({
        fact: ({ deleted }) =>
          `Task ids are taken by deleted tasks that can still be restored: ${firstOf(idsOf(deleted), IDS_IN_SENTENCE)}; nothing was added`,
        remedy: ['Choose other ids, or ', { operation: 'restore_task' }, ' for each of them'],
        details: ({ existing, deleted }) => ({
          task_ids: [...idsOf(existing), ...idsOf(deleted)],
          existing,
          deleted,
        }),
        hint: [
          'Send the batch with other ids for these tasks, or ',
          { operation: 'restore_task' },
          ' for those in deleted',
        ],
        example: {
          existing: [{ project_id: 'ai-agent-mcp-server', task_id: 'TASK-047' }],
          deleted: [{ project_id: 'ai-agent-mcp-server', task_id: 'TASK-046' }],
        },
      }),
    },
  },
  idempotency_key_reused: {
    status: 422,
    meaning: 'The key belongs to an earlier, different request; nothing was changed',
    forms: {
      idempotency_key_reused: form<NoFacts>({
        fact: 'The idempotency key was used for another request',
        remedy: 'Send a new key with a new request, and the same request with the same key',
        example: {},
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;

function idsOf(tasks: readonly TaskIdentity[]): string[] {
  return tasks.map(({ task_id }) => task_id);
}
