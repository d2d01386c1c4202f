import { z } from 'zod';
import { ATTEMPT_LIMITS } from '../domain/attempts.ts';
import { attempt } from './attempt.ts';
import { EXAMPLE_ATTEMPT, EXAMPLE_TASK } from './examples.ts';
import { project, taskId } from './fields.ts';
import { nameList } from './name-list.ts';
import { shownNeed } from './needs.ts';
import { task } from './task.ts';

const INCLUDES = ['attempts', 'checkpoint', 'needs'] as const;

export type Include = (typeof INCLUDES)[number];

const include = nameList(INCLUDES, `must be a list of ${INCLUDES.join(', ')}, separated by commas`)
  .transform((names) => names ?? [])
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
