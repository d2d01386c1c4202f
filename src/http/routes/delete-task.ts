import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { deleteTask } from '../../operations/delete-task.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { deleteAnswer } from '../schemas/answers.ts';
import { COMMON_FOR_ADMIN, errorAnswers } from '../schemas/error-answers.ts';
import { taskPath, taskQuery } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'delete',
  path: '/tasks/{task_id}',
  operationId: 'deleteTask',
  summary: 'Delete a task of a project',
  description: 'Deletes a task in any status for good; for clearing up, not for work that came to nothing.',
  tags: ['tasks'],
  ...requires('admin'),
  request: { params: taskPath, query: taskQuery },
  responses: {
    200: {
      description: 'The task as it was',
      content: { 'application/json': { schema: deleteAnswer } },
    },
    ...errorAnswers('missing_project', 'task_not_found', 'outcome_unknown', ...COMMON_FOR_ADMIN),
  },
});

export function registerDeleteTask(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { task_id: taskId } = c.req.valid('param');
    const { project: projectId } = c.req.valid('query');
    const task = await deleteTask(c.var.database, { projectId, taskId }, c.var.caller);
    return c.json({ success: true as const, deleted_task: presentTask(task) }, 200);
  });
}
