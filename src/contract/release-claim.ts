import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { claimToken, delaySeconds, notes, taskAddress, unlessLeftOut } from './fields.ts';
import { task } from './task.ts';

export const releaseClaimInput = {
  fields: {
    ...taskAddress,
    claim_token: claimToken,
    delay_seconds: unlessLeftOut(delaySeconds, null, 'For how long the task is not given out again'),
    notes: unlessLeftOut(
      notes.nullable(),
      null,
      'Kept as completion_notes for whoever takes the task next, when not empty',
    ),
  },
};

export const releaseClaimOutput = z
  .strictObject({ released_task: task })
  .meta({ example: { released_task: EXAMPLE_TASK } });
