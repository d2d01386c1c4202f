import { z } from 'zod';
import { ATTEMPT_LIMITS, STOP_REASONS } from '../domain/attempts.ts';
import { LEASE_SECONDS } from '../domain/claims.ts';
import { progress, usageOfAttempt } from './attempt.ts';
import { claim } from './claim.ts';
import { EXAMPLE_CLAIM, EXAMPLE_TASK_CLAIMED } from './examples.ts';
import { claimToken, taskAddress, unlessLeftOut, wholeNumber } from './fields.ts';
import { jsonValue } from './json-value.ts';
import { task } from './task.ts';

export const heartbeatClaimInput = {
  fields: {
    ...taskAddress,
    claim_token: claimToken,
    lease_seconds: unlessLeftOut(
      wholeNumber(LEASE_SECONDS.min, LEASE_SECONDS.max).nullable(),
      null,
      'The length of the new lease; null keeps that of the last one',
    ),
    progress: unlessLeftOut(progress.nullable(), null, 'How far the attempt is; part of the history'),
    checkpoint: unlessLeftOut(
      jsonValue(ATTEMPT_LIMITS.checkpointBytes),
      null,
      'Any JSON of at most 16 KiB, for whoever claims the task next; null keeps the last one',
    ),
    usage: usageOfAttempt,
  },
};

export const heartbeatClaimOutput = z
  .strictObject({
    task,
    claim: z.union([claim, z.null()]),
    continue: z.boolean().meta({ description: 'Whether to go on with the task' }),
    reason: z.enum(STOP_REASONS).optional().meta({
      description:
        'Why not: somebody cancelled the task, or the attempt has lasted as long as max_run_seconds allows',
    }),
  })
  .meta({
    examples: {
      continue: { task: EXAMPLE_TASK_CLAIMED, claim: EXAMPLE_CLAIM, continue: true },
      stop: {
        task: { ...EXAMPLE_TASK_CLAIMED, status: 'cancelled', claimed_by: null, lease_expires_at: null },
        claim: null,
        continue: false,
        reason: 'cancelled',
      },
    },
  });
