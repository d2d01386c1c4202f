import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { flag, project, taskId } from './fields.ts';
import { task } from './task.ts';

export const deleteTaskInput = {
  fields: {
    task_id: taskId,
    project,
    purge: flag.optional().meta({
      description: 'Deletes for good, also what is deleted already; the id is free at once. Default: false',
    }),
  },
};

export const deleteTaskOutput = z
  .strictObject({
    deleted_task: task,
    id_stays_taken: z.boolean().meta({
      description: 'For as long as the task can be restored',
    }),
    restorable_until: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'null after a purge, and where deleted tasks are kept for ever' }),
  })
  .meta({
    example: {
      deleted_task: EXAMPLE_TASK,
      id_stays_taken: true,
      restorable_until: '2025-11-17T10:05:00.000Z',
    },
  });

export const restoreTaskInput = { fields: { task_id: taskId, project } };

export const restoreTaskOutput = z
  .strictObject({ restored_task: task })
  .meta({ example: { restored_task: EXAMPLE_TASK } });
