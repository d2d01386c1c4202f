import { z } from 'zod';
import { EVENT_TYPES } from '../domain/events.ts';
import { STATUSES } from '../domain/task.ts';
import { EXAMPLE_EVENT } from './examples.ts';

/** A change of a task in every answer: all its fields, null where empty. */
export const event = z
  .strictObject({
    seq: z.int().meta({
      format: 'int64',
      description: 'No other event has it. In the order of the changes of one task, but not of several',
    }),
    project_id: z.string(),
    task_id: z.string().meta({ description: 'Empty for project_changed, which is of no task' }),
    version: z.int().meta({
      description:
        'How many changes the task had seen with this one; starts anew where a task is added again',
    }),
    at: z.iso.datetime(),
    type: z.enum(EVENT_TYPES).meta({
      description:
        'ready, blocked and stuck: a pending task stands so by its needs from here on; of a new task, added comes alone',
    }),
    from_status: z
      .enum(STATUSES)
      .nullable()
      .meta({ description: 'null where the task was added, and for project_changed' }),
    to_status: z
      .enum(STATUSES)
      .nullable()
      .meta({ description: 'null where the task was deleted, and for project_changed' }),
    caller: z.string().meta({ description: 'The name of the credential' }),
    agent_id: z.string().nullable(),
    attempt: z.int().nullable(),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'What else changed; a long text is cut and ends in an ellipsis' }),
  })
  .meta({ example: EXAMPLE_EVENT });
