import type { z } from 'zod';
import type { claimTaskOutput } from '../../contract/claim-task.ts';
import type { heartbeatClaimOutput } from '../../contract/heartbeat-claim.ts';
import type { Shown } from '../tool.ts';
import { bytesOf, cutTask, MAX_BYTES } from './cut.ts';
import { filled } from './task.ts';

/** What an agent needs to begin, or why it gets nothing and when to ask again. */
export function presentClaim(told: z.output<typeof claimTaskOutput>): Shown {
  const { task, claim, checkpoint, context, counts, ...why } = told;
  if (task === null || claim === null) return filled({ ...why, ...presentCounts(counts) });
  const { task_id, project_id, description, generator_name, inputs, expected_outputs } = task;
  const { context_notes, completion_notes, attempt, max_attempts, last_error } = task;
  const work = { task_id, project_id, description, generator_name, inputs, expected_outputs, context_notes };
  const past = attempt > 1 || last_error !== null ? { attempt, max_attempts, last_error } : {};
  const room = context === undefined ? MAX_BYTES : MAX_BYTES - bytesOf(context);
  return {
    task: cutTask(filled({ ...work, completion_notes, ...past }), room),
    ...(context === undefined ? {} : { context }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    claim_token: claim.token,
    lease_expires_at: claim.lease_expires_at,
    ...(why.reason === 'continue_current' ? { reason: why.reason } : {}),
  };
}

/** How the project stands, without what there is none of. */
function presentCounts(counts: z.output<typeof claimTaskOutput>['counts']): Shown {
  const some = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  return some.length === 0 ? {} : { counts: Object.fromEntries(some) };
}

/** The new lease, and where the agent is to stop, why. */
export function presentLease({ claim, ...told }: z.output<typeof heartbeatClaimOutput>): Shown {
  const lease = claim === null ? {} : { lease_expires_at: claim.lease_expires_at };
  return told.continue ? lease : { ...lease, continue: false, reason: told.reason };
}
