import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { cursor } from './cursor.ts';
import { event } from './event.ts';
import { EXAMPLE_EVENT } from './examples.ts';
import { oneOf, project, taskId, wholeNumber } from './fields.ts';

const ORDERS = ['newest', 'oldest'] as const;

export const readHistoryInput = {
  fields: {
    task_id: taskId,
    project,
    order: oneOf(ORDERS)
      .default('newest')
      .meta({ example: 'newest', description: 'Which event comes first' }),
    limit: wholeNumber(1, LIMITS.eventsPerPage).optional(),
    cursor,
  },
};

export const readHistoryOutput = z
  .strictObject({
    events: z.array(event),
    count: z.int().meta({ description: 'The number of events on this page' }),
    next_cursor: z.string().nullable().meta({ description: 'null on the last page' }),
  })
  .meta({ example: { events: [EXAMPLE_EVENT], count: 1, next_cursor: null } });
