import { z } from 'zod';
import { LEASE_SECONDS } from '../domain/claims.ts';
import { claim } from './claim.ts';
import { EXAMPLE_CLAIM, EXAMPLE_TASK_CLAIMED } from './examples.ts';
import { claimToken, taskAddress, unlessLeftOut, wholeNumber } from './fields.ts';
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
  },
};

export const heartbeatClaimOutput = z
  .strictObject({ task, claim })
  .meta({ example: { task: EXAMPLE_TASK_CLAIMED, claim: EXAMPLE_CLAIM } });
