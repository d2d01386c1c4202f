import { z } from '@hono/zod-openapi';
import type { ErrorCode } from '../errors.ts';
import { STATUS_OF } from '../errors.ts';
import { EXAMPLE_LIST, EXAMPLE_TASK, EXAMPLE_TASK_COMPLETED } from './examples.ts';
import { taskRepresentation } from './task-representation.ts';

const success = z.literal(true);

export const nextAnswer = z
  .strictObject({ success, task: z.union([taskRepresentation, z.null()]), message: z.string().optional() })
  .openapi('NextAnswer');

export const taskAnswer = z
  .strictObject({ success, task: taskRepresentation })
  .openapi('TaskAnswer', { example: { success: true, task: EXAMPLE_TASK } });

export const listAnswer = z
  .strictObject({
    success,
    tasks: z.array(taskRepresentation),
    count: z.int().openapi({ description: 'The number of tasks in this answer' }),
    next_cursor: z.string().nullable().openapi({ description: 'null on the last page' }),
  })
  .openapi('ListAnswer', {
    example: { success: true, tasks: EXAMPLE_LIST, count: 2, next_cursor: null },
  });

export const moveAnswer = z
  .strictObject({ success, updated_task: taskRepresentation })
  .openapi('MoveAnswer', { example: { success: true, updated_task: EXAMPLE_TASK_COMPLETED } });

export const deleteAnswer = z
  .strictObject({ success, deleted_task: taskRepresentation })
  .openapi('DeleteAnswer', { example: { success: true, deleted_task: EXAMPLE_TASK } });

export const batchAnswer = z
  .strictObject({ success, tasks_added: z.int(), task_ids: z.array(z.string()) })
  .openapi('BatchAnswer', {
    example: { success: true, tasks_added: 2, task_ids: ['TASK-046', 'TASK-047'] },
  });

// The keys of STATUS_OF are exactly the codes, which its `satisfies` guarantees.
const codes = Object.keys(STATUS_OF) as ErrorCode[];

export const errorAnswer = z
  .strictObject({
    success: z.literal(false),
    error: z.string().openapi({ description: 'What is wrong and what to do about it' }),
    code: z.enum(codes),
    request_id: z.string(),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'What the caller can act on' }),
  })
  .openapi('ErrorAnswer');
