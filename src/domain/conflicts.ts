import { DomainError, type DomainErrorCode, type ErrorDetails } from './errors.ts';
import type { Holder, Status } from './task.ts';
import { allowedFrom } from './transitions.ts';

/** What a task was when a request met it, as far as it explains a refusal. */
export interface MetTask {
  readonly taskId: string;
  readonly status: Status;
  /** Whoever has claimed the task, even if the lease has expired. */
  readonly holder: Holder | null;
}

type ConflictCode = Extract<DomainErrorCode, 'invalid_transition' | 'claimed_by_other' | 'claim_lost'>;

/** The next sensible call, in one sentence for a reader that knows nothing but the answer. */
const HINTS: Readonly<Record<ConflictCode, string>> = {
  invalid_transition:
    'Send one of the bodies in allowed, with the claim_token where the task is claimed, or POST /tasks/claim for another task',
  claimed_by_other:
    'Leave this task to its holder and POST /tasks/claim for another; if the claim is yours, send its newest claim_token',
  claim_lost:
    'Stop working on this task: its claim has ended. GET the task to see what became of it, and POST /tasks/claim for another',
};

function conflict(code: ConflictCode, sentence: string, task: MetTask, more: ErrorDetails = {}): DomainError {
  const { status, holder } = task;
  return new DomainError(code, sentence, {
    reason: code,
    status,
    holder: holder && { agent_id: holder.agentId, lease_expires_at: holder.leaseExpiresAt.toISOString() },
    allowed: allowedFrom(status),
    hint: HINTS[code],
    ...more,
  });
}

/** The sentence is US-050's (scenario 4); the remedy is in `details.allowed`, as bodies that would be accepted from its holder. */
export function invalidTransition(task: MetTask, to: Status): DomainError {
  const from = task.status;
  return conflict('invalid_transition', `Invalid status transition: ${from} → ${to}`, task, { from, to });
}

/** Somebody else has the task: the request came without the token of the claim, or with that of an earlier one. */
export function claimedByOther(task: MetTask & { readonly holder: Holder }): DomainError {
  return conflict(
    'claimed_by_other',
    `Task ${task.taskId} is claimed by ${task.holder.agentId}, and the request does not carry the token of that claim. Nothing was changed`,
    task,
  );
}

/** The claim that the token stands for has ended, and nobody has the task now. */
export function claimLost(task: MetTask): DomainError {
  return conflict(
    'claim_lost',
    `The claim on task ${task.taskId} has ended: the task is ${task.status}. Nothing was changed`,
    task,
  );
}
