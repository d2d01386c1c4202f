import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { claimToken, delaySeconds, notes, taskAddress, unlessLeftOut } from './fields.ts';
import { task } from './task.ts';

export const releaseClaimInput = {
  fields: {
    ...taskAddress,
    claim_token: claimToken,
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
