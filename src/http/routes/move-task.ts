import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { moveTask } from '../../operations/move-task.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { moveAnswer } from '../schemas/answers.ts';
import { ABOUT_CLAIM, COMMON_WITH_BODY, errorAnswers } from '../schemas/error-answers.ts';
import { moveBody, writeToTask } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'put',
  path: '/tasks/{task_id}/status',
  operationId: 'updateTaskStatus',
  summary: 'Move a task to another status',
  description:
    'Moves a task along the transition table; with reset, back to pending. Of several agents that make the same move at once exactly one succeeds. While the task is claimed, the move needs the token of the claim; a failed attempt under a claim leads back to pending while attempts are left.',
  tags: ['tasks'],
  ...requires('write'),
  request: writeToTask(moveBody),
  responses: {
    200: {
      description: 'The task as it is after the move',
      content: { 'application/json': { schema: moveAnswer } },
    },
    ...errorAnswers('invalid_transition', ...ABOUT_CLAIM, ...COMMON_WITH_BODY),
  },
});

export function registerMoveTask(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const { task_id: taskId } = c.req.valid('param');
    const { project: projectId } = c.req.valid('query');
    const { database, transition: plan, caller } = c.var;
    const { completion_notes: completionNotes, claim_token: claimToken, force, error } = body;
    const delaySeconds = body.delay_seconds;
    const input = { taskId, projectId, plan, completionNotes, claimToken, force, error, delaySeconds };
    const task = await moveTask(database, input, caller);
    return c.json({ success: true as const, updated_task: presentTask(task) }, 200);
  });
}
