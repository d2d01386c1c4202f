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
  .strictObject({ deleted_task: task })
  .meta({ example: { deleted_task: EXAMPLE_TASK } });

export const restoreTaskInput = { fields: { task_id: taskId, project } };

export const restoreTaskOutput = z
  .strictObject({ restored_task: task })
  .meta({ example: { restored_task: EXAMPLE_TASK } });
