import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { project, status, waitSeconds } from './fields.ts';
import { task } from './task.ts';

export const nextTaskInput = {
  fields: { project, status: status.default('pending'), wait_seconds: waitSeconds },
};

export const nextTaskOutput = z
  .strictObject({
    task: z.union([task, z.null()]),
    message: z.string().optional(),
  })
  .meta({
    examples: {
      task: { task: EXAMPLE_TASK },
      none: { task: null, message: 'No pending tasks for project' },
    },
  });
