import { z } from 'zod';
import { ATTEMPT_LIMITS } from '../domain/attempts.ts';
import { attempt } from './attempt.ts';
import { EXAMPLE_ATTEMPT, EXAMPLE_TASK } from './examples.ts';
import { project, taskId } from './fields.ts';
import { shownNeed } from './needs.ts';
import { task } from './task.ts';
import { mustBe } from './wording.ts';

const INCLUDES = ['attempts', 'checkpoint', 'needs'] as const;

export type Include = (typeof INCLUDES)[number];

const isInclude = (name: string): name is Include => INCLUDES.some((known) => known === name);

const include = z
  .string({ error: mustBe('a string') })
  .optional()
  .transform((value, context): readonly Include[] => {
    const names = value === undefined ? [] : value.split(',');
    if (names.every(isInclude)) return names;
    const message = `must be a list of ${INCLUDES.join(', ')}, separated by commas`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    example: 'attempts',
    description: `What to tell in addition, separated by commas: ${INCLUDES.join(', ')}`,
  });

export const getTaskInput = { fields: { task_id: taskId, project, include } };

export const getTaskOutput = z
  .strictObject({
    task,
    attempts: z
      .array(attempt)
      .optional()
      .meta({
        description: `With include=attempts: the claims that have ended, the newest first, ${ATTEMPT_LIMITS.shown} at most`,
      }),
    checkpoint: z
      .unknown()
      .optional()
      .meta({ description: 'With include=checkpoint: what the last attempt left; null where there is none' }),
    needs: z.array(shownNeed).optional().meta({ description: 'With include=needs: what the task needs' }),
  })
  .meta({
    examples: {
      task: { task: EXAMPLE_TASK },
      attempts: { task: EXAMPLE_TASK, attempts: [EXAMPLE_ATTEMPT] },
    },
  });
