import { z } from '@hono/zod-openapi';
import { CLAIM_REASONS, type Claim, LONGEST_WAIT_SECONDS } from '../../domain/claims.ts';
import { EXAMPLE_CLAIM, EXAMPLE_TASK, EXAMPLE_TASK_CLAIMED } from './examples.ts';
import { taskRepresentation } from './task-representation.ts';

const success = z.literal(true);

/** A claim as its holder sees it; nobody else is shown the token. */
export const claimRepresentation = z
  .strictObject({
    agent_id: z.string(),
    token: z.int().openapi({
      format: 'int64',
      description: 'The fencing token: send it with everything that you do to the task',
    }),
    attempt: z.int(),
    lease_expires_at: z.iso.datetime(),
  })
  .openapi('Claim', { example: EXAMPLE_CLAIM });

export const claimAnswer = z
  .strictObject({
    success,
    task: z.union([taskRepresentation, z.null()]),
    reason: z.enum(CLAIM_REASONS).openapi({
      description:
        'none_due: tasks are pending, and the first is due later; all_claimed: none is pending, but others have tasks that may come back; none_pending: there is nothing to wait for',
    }),
    claim: z.union([claimRepresentation, z.null()]),
    retry_after_seconds: z
      .int()
      .min(1)
      .max(LONGEST_WAIT_SECONDS)
      .optional()
      .openapi({
        description: `With none_due and all_claimed: when to ask again. Then the first task is due or the first lease over, unless that lies more than ${LONGEST_WAIT_SECONDS} seconds ahead`,
      }),
  })
  .openapi('ClaimAnswer');

export const CLAIM_EXAMPLES = {
  claimed: {
    value: { success: true, task: EXAMPLE_TASK_CLAIMED, reason: 'claimed', claim: EXAMPLE_CLAIM },
  },
  continue_current: {
    value: { success: true, task: EXAMPLE_TASK_CLAIMED, reason: 'continue_current', claim: EXAMPLE_CLAIM },
  },
  none_due: {
    value: { success: true, task: null, reason: 'none_due', claim: null, retry_after_seconds: 42 },
  },
  all_claimed: {
    value: { success: true, task: null, reason: 'all_claimed', claim: null, retry_after_seconds: 840 },
  },
  none_pending: { value: { success: true, task: null, reason: 'none_pending', claim: null } },
};

export const heartbeatAnswer = z
  .strictObject({ success, task: taskRepresentation, claim: claimRepresentation })
  .openapi('HeartbeatAnswer', {
    example: { success: true, task: EXAMPLE_TASK_CLAIMED, claim: EXAMPLE_CLAIM },
  });

export const releaseAnswer = z
  .strictObject({ success, released_task: taskRepresentation })
  .openapi('ReleaseAnswer', { example: { success: true, released_task: EXAMPLE_TASK } });

/** Presents a claim to its holder. */
export function presentClaim(claim: Claim): z.infer<typeof claimRepresentation> {
  return {
    agent_id: claim.agentId,
    token: claim.token,
    attempt: claim.attempt,
    lease_expires_at: claim.leaseExpiresAt.toISOString(),
  };
}
