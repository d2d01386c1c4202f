import type { z } from 'zod';
import type { claimTaskOutput } from '../../contract/claim-task.ts';
import type { heartbeatClaimOutput } from '../../contract/heartbeat-claim.ts';
import type { Shown } from '../tool.ts';
import { cutTask } from './cut.ts';
import { filled } from './task.ts';

/** What an agent needs to begin, or why it gets nothing and when to ask again. */
export function presentClaim({ task, claim, ...why }: z.output<typeof claimTaskOutput>): Shown {
  if (task === null || claim === null) return filled(why);
  const { task_id, project_id, description, generator_name, inputs, expected_outputs } = task;
  const { context_notes, completion_notes, attempt, max_attempts, last_error } = task;
  const work = { task_id, project_id, description, generator_name, inputs, expected_outputs, context_notes };
  const past = attempt > 1 ? { attempt, max_attempts, last_error } : {};
  return {
    task: cutTask(filled({ ...work, completion_notes, ...past })),
    claim_token: claim.token,
    lease_expires_at: claim.lease_expires_at,
    ...(why.reason === 'continue_current' ? { reason: why.reason } : {}),
  };
}

export function presentLease({ claim }: z.output<typeof heartbeatClaimOutput>): Shown {
  return { lease_expires_at: claim.lease_expires_at };
}
