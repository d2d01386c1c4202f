import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { moveTask } from '../../operations/move-task.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { moveAnswer } from '../schemas/answers.ts';
import { COMMON_WITH_BODY, errorAnswers } from '../schemas/error-answers.ts';
import { moveBody, moveQuery, taskPath } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'put',
  path: '/tasks/{task_id}/status',
  operationId: 'updateTaskStatus',
  summary: 'Move a task to another status',
  description:
    'Moves pending to in_progress and in_progress to completed; with reset, in_progress and completed back to pending. Of several agents that make the same move at once exactly one succeeds.',
  tags: ['tasks'],
  ...requires('write'),
  request: {
    params: taskPath,
    query: moveQuery,
    body: { required: true, content: { 'application/json': { schema: moveBody } } },
  },
  responses: {
    200: {
      description: 'The task as it is after the move',
      content: { 'application/json': { schema: moveAnswer } },
    },
    ...errorAnswers('invalid_transition', 'task_not_found', 'ambiguous_task', ...COMMON_WITH_BODY),
  },
});

export function registerMoveTask(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { completion_notes: completionNotes } = c.req.valid('json');
    const { task_id: taskId } = c.req.valid('param');
    const { project: projectId } = c.req.valid('query');
    const { database, transition: plan, caller } = c.var;
    const task = await moveTask(database, { taskId, projectId, plan, completionNotes }, caller);
    return c.json({ success: true as const, updated_task: presentTask(task) }, 200);
  });
}
