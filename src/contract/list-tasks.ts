import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { cursor } from './cursor.ts';
import { EXAMPLE_LIST } from './examples.ts';
import { project, status, wholeNumber } from './fields.ts';
import { task } from './task.ts';

export const listTasksInput = {
  fields: {
    project,
    status: status.optional(),
    limit: wholeNumber(1, LIMITS.tasksPerPage).optional(),
    cursor,
  },
};

export const listTasksOutput = z
  .strictObject({
    tasks: z.array(task),
    count: z.int().meta({ description: 'The number of tasks on this page' }),
    next_cursor: z.string().nullable().meta({ description: 'null on the last page' }),
  })
  .meta({ example: { tasks: EXAMPLE_LIST, count: 2, next_cursor: null } });
