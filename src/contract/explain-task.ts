import { z } from 'zod';
import { CONDITIONS } from '../domain/explain.ts';
import { STATUSES } from '../domain/task.ts';
import { project, taskId } from './fields.ts';
import { shownNeed } from './needs.ts';

export const explainTaskInput = { fields: { task_id: taskId, project } };

const call = z.strictObject({
  operation: z.string(),
  arguments: z.record(z.string(), z.unknown()),
});

const condition = z.strictObject({
  condition: z.enum(CONDITIONS),
  met: z.boolean(),
  fact: z.string().meta({ description: 'How it stands, in one sentence' }),
  calls: z
    .array(call)
    .meta({ description: 'What would change it, where something would; empty where it is met' }),
});

export const explainTaskOutput = z
  .strictObject({
    task_id: z.string(),
    project_id: z.string(),
    status: z.enum(STATUSES),
    claimable: z.boolean().meta({ description: 'Whether a claim may be given the task now' }),
    conditions: z.array(condition),
    needs: z.array(shownNeed),
    dependents: z.array(z.string()).meta({ description: 'The tasks that wait for this one, 100 at most' }),
  })
  .meta({
    example: {
      task_id: 'TASK-051',
      project_id: 'ai-agent-mcp-server',
      status: 'pending',
      claimable: false,
      conditions: [
        { condition: 'status', met: true, fact: 'The task is pending', calls: [] },
        {
          condition: 'needs',
          met: false,
          fact: 'It waits for TASK-050, which is in_progress under agent-7',
          calls: [
            {
              operation: 'delete_need',
              arguments: { task_id: 'TASK-051', project: 'ai-agent-mcp-server', need: 'TASK-050' },
            },
          ],
        },
      ],
      needs: [
        {
          kind: 'task',
          need: 'TASK-050',
          when: 'completed',
          group: null,
          on_failure: 'block',
          state: 'waiting',
          task_id: 'TASK-050',
          status: 'in_progress',
        },
      ],
      dependents: [],
    },
  });
