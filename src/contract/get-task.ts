import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { project, taskId } from './fields.ts';
import { task } from './task.ts';

export const getTaskInput = { fields: { task_id: taskId, project } };

export const getTaskOutput = z.strictObject({ task }).meta({ example: { task: EXAMPLE_TASK } });
