import { z } from 'zod';
import { GRAPH_LIMITS, NEED_KINDS, NEED_STATES } from '../domain/graph.ts';
import { LIMITS, STATUSES } from '../domain/task.ts';
import { project, taskId, wholeNumber } from './fields.ts';

export const readGraphInput = {
  fields: {
    project,
    task: taskId.optional().meta({ description: 'Only what lies around this task' }),
    depth: wholeNumber(1, GRAPH_LIMITS.graphDepth)
      .optional()
      .meta({ description: 'How many needs away from the task, in either direction. Default: 2' }),
  },
};

export const readGraphOutput = z
  .strictObject({
    tasks: z.array(
      z.strictObject({
        task_id: z.string(),
        status: z.enum(STATUSES),
        description: z.string().meta({ description: `Cut to ${LIMITS.briefCharacters} characters` }),
        claimed_by: z.string().nullable(),
        unmet_needs: z.int(),
        stuck_needs: z.int(),
      }),
    ),
    needs: z.array(
      z.strictObject({
        task_id: z.string().meta({ description: 'The task that has the need' }),
        kind: z.enum(NEED_KINDS),
        need: z.string(),
        parent: z.string().meta({ description: 'The task whose end decides' }),
        state: z.enum(NEED_STATES),
      }),
    ),
    is_whole: z.boolean().meta({
      description: `false where there is more than the ${GRAPH_LIMITS.graphTasks} tasks that one answer has`,
    }),
  })
  .meta({
    example: {
      tasks: [
        {
          task_id: 'TASK-050',
          status: 'in_progress',
          description: 'Generate PRD-006 v1',
          claimed_by: 'agent-7',
          unmet_needs: 0,
          stuck_needs: 0,
        },
        {
          task_id: 'TASK-051',
          status: 'pending',
          description: 'Generate the stories of PRD-006',
          claimed_by: null,
          unmet_needs: 1,
          stuck_needs: 0,
        },
      ],
      needs: [{ task_id: 'TASK-051', kind: 'task', need: 'TASK-050', parent: 'TASK-050', state: 'waiting' }],
      is_whole: true,
    },
  });

export type TaskGraph = Readonly<z.infer<typeof readGraphOutput>>;
