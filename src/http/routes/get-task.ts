import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { getTask } from '../../operations/get-task.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { taskAnswer } from '../schemas/answers.ts';
import { COMMON, errorAnswers } from '../schemas/error-answers.ts';
import { taskPath, taskQuery } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'get',
  path: '/tasks/{task_id}',
  operationId: 'getTask',
  summary: 'One task of a project',
  tags: ['tasks'],
  ...requires('read'),
  request: { params: taskPath, query: taskQuery },
  responses: {
    200: { description: 'The task', content: { 'application/json': { schema: taskAnswer } } },
    ...errorAnswers('missing_project', 'task_not_found', ...COMMON),
  },
});

export function registerGetTask(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { task_id: taskId } = c.req.valid('param');
    const { project: projectId } = c.req.valid('query');
    const task = await getTask(c.var.database, { projectId, taskId }, c.var.caller);
    return c.json({ success: true as const, task: presentTask(task) }, 200);
  });
}
