import { z } from 'zod';
import { ATTEMPT_LIMITS } from '../domain/attempts.ts';
import { LIMITS } from '../domain/task.ts';
import { artifact, usageOfAttempt } from './attempt.ts';
import { EXAMPLE_TASK_COMPLETED } from './examples.ts';
import { claimToken, delaySeconds, flag, notes, status, taskAddress, unlessLeftOut } from './fields.ts';
import type { Input } from './input.ts';
import { jsonValue } from './json-value.ts';
import { task } from './task.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

const ONLY_WITH = [
  { status: 'failed', names: ['error', 'delay_seconds'] },
  { status: 'completed', names: ['result', 'artifacts'] },
] as const;

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
    result: unlessLeftOut(
      jsonValue(ATTEMPT_LIMITS.resultBytes),
      null,
      'Any JSON of at most 64 KiB, kept with the task. Only with the status completed',
    ),
    artifacts: unlessLeftOut(
      z
        .array(artifact, { error: mustBe('an array') })
        .refine(({ length }) => length <= ATTEMPT_LIMITS.artifacts, {
          error: `must have at most ${ATTEMPT_LIMITS.artifacts} entries`,
          abort: true,
        })
        .meta({ maxItems: ATTEMPT_LIMITS.artifacts })
        .nullable(),
      null,
      'What the task has made and where it lies. Only with the status completed',
    ),
    usage: usageOfAttempt,
  },
  rule: (fields, context) => {
    for (const { status: only, names } of ONLY_WITH) {
      if (fields['status'] === only) continue;
      for (const name of names.filter((given) => fields[given] !== null)) {
        const message = `goes with the status ${only} only; leave it out`;
        context.addIssue({ code: 'custom', path: [name], message });
      }
    }
  },
} satisfies Input;

export const moveTaskOutput = z
  .strictObject({ updated_task: task })
  .meta({ example: { updated_task: EXAMPLE_TASK_COMPLETED } });
