import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { EXAMPLE_TASK_COMPLETED } from './examples.ts';
import { claimToken, delaySeconds, flag, notes, status, taskAddress, unlessLeftOut } from './fields.ts';
import type { Input } from './input.ts';
import { task } from './task.ts';
import { text } from './text.ts';

const OF_A_FAILURE = ['error', 'delay_seconds'] as const;

export const moveTaskInput = {
  fields: {
    ...taskAddress,
    status,
    reset: unlessLeftOut(flag, false, 'Allows the move back to pending, which clears the completion'),
    completion_notes: unlessLeftOut(notes.nullable(), null, 'Stored unless empty; a reset clears them'),
    claim_token: unlessLeftOut(
      claimToken.nullable(),
      null,
      'The token of your claim; required while the claim is live',
    ),
    force: unlessLeftOut(
      flag,
      false,
      'Moves the task even if another agent has claimed it; needs the scope admin',
    ),
    error: unlessLeftOut(
      text({ min: 1, max: LIMITS.errorCharacters }).nullable(),
      null,
      'Why the attempt failed; stored as last_error. Only with the status failed',
    ),
    delay_seconds: unlessLeftOut(
      delaySeconds,
      null,
      'Replaces the computed pause before the next attempt. Only with the status failed',
    ),
  },
  rule: (fields, context) => {
    if (fields['status'] === 'failed') return;
    for (const name of OF_A_FAILURE) {
      if (fields[name] === null) continue;
      const message = 'goes with the status failed only; leave it out';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  },
} satisfies Input;

export const moveTaskOutput = z
  .strictObject({ updated_task: task })
  .meta({ example: { updated_task: EXAMPLE_TASK_COMPLETED } });
