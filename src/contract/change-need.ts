import { z } from 'zod';
import { EXAMPLE_TASK } from './examples.ts';
import { project, taskId } from './fields.ts';
import { needTerms } from './needs.ts';
import { task } from './task.ts';

export const putNeedInput = {
  fields: {
    task_id: taskId,
    project,
    need: taskId.meta({ description: 'The task that it needs' }),
    ...needTerms,
  },
};

export const deleteNeedInput = { fields: { task_id: taskId, project, need: taskId } };

export const needOutput = z
  .strictObject({ updated_task: task })
  .meta({ example: { updated_task: { ...EXAMPLE_TASK, unmet_needs: 1 } } });
