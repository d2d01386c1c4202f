import { z } from 'zod';
import { STATUSES } from '../domain/task.ts';

export const readMetricsInput = { fields: {} };

export const readMetricsOutput = z.strictObject({
  counted: z.array(
    z.strictObject({
      project_id: z.string(),
      status: z.enum(STATUSES),
      tasks: z.int(),
      waits: z.array(z.int()),
      wait_seconds: z.number(),
      oldest_seconds: z.number().nullable(),
    }),
  ),
});
