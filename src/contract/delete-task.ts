import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { project, taskId } from './fields.ts';
import { task } from './task.ts';

export const deleteTaskInput = { fields: { task_id: taskId, project } };

export const deleteTaskOutput = z
  .strictObject({ deleted_task: task })
  .meta({ example: { deleted_task: EXAMPLE_TASK } });
