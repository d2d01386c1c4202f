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
    reset: unlessLeftOut(flag, false, 'Allows the way back to pending, which clears the completion'),
    completion_notes: unlessLeftOut(notes.nullable(), null, 'Kept when not empty; cleared by a reset'),
    claim_token: unlessLeftOut(
      claimToken.nullable(),
      null,
      'Of the claim under which you work; needed while it is live',
    ),
    force: unlessLeftOut(flag, false, 'Moves the task whoever has claimed it; needs the scope admin'),
    error: unlessLeftOut(
      text({ min: 1, max: LIMITS.errorCharacters }).nullable(),
      null,
      'Why the attempt failed; kept as last_error. With status failed only',
    ),
    delay_seconds: unlessLeftOut(
      delaySeconds,
      null,
      'How long the next attempt waits, instead of the computed pause. With status failed only',
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
