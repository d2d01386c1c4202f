import { z } from 'zod';
import { RELEASE_REASONS } from '../domain/attempts.ts';
import { EXAMPLE_TASK } from './examples.ts';
import { claimToken, delaySeconds, notes, oneOf, taskAddress, unlessLeftOut } from './fields.ts';
import { task } from './task.ts';

export const releaseClaimInput = {
  fields: {
    ...taskAddress,
    claim_token: claimToken,
    reason: unlessLeftOut(
      oneOf(RELEASE_REASONS).nullable(),
      null,
      'For the history. A release costs no attempt, whatever the reason',
    ),
    delay_seconds: unlessLeftOut(delaySeconds, null, 'How long the task cannot be claimed'),
    notes: unlessLeftOut(
      notes.nullable(),
      null,
      'Stored as completion_notes for the next agent, unless empty',
    ),
  },
};

export const releaseClaimOutput = z
  .strictObject({ released_task: task })
  .meta({ example: { released_task: EXAMPLE_TASK } });
