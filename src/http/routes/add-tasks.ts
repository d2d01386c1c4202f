import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { addTasks } from '../../operations/add-tasks.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { batchAnswer } from '../schemas/answers.ts';
import { batchBody } from '../schemas/batch-request.ts';
import { COMMON_WITH_BODY, errorAnswers } from '../schemas/error-answers.ts';
import { writeHeaders } from '../schemas/idempotency-key.ts';
import { noQuery } from '../schemas/requests.ts';
import { toNewTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'post',
  path: '/tasks/batch',
  operationId: 'addTasks',
  summary: 'Add tasks',
  description: 'Adds 1 to 500 tasks, all or none; they count as created in the order of the array.',
  tags: ['tasks'],
  ...requires('write'),
  request: {
    headers: writeHeaders,
    query: noQuery,
    body: { required: true, content: { 'application/json': { schema: batchBody } } },
  },
  responses: {
    200: {
      description: 'All were added',
      content: { 'application/json': { schema: batchAnswer } },
    },
    ...errorAnswers('duplicate_ids', 'task_exists', ...COMMON_WITH_BODY),
  },
});

export function registerAddTasks(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { tasks } = c.req.valid('json');
    await addTasks(c.var.database, tasks.map(toNewTask), c.var.caller);
    const task_ids = tasks.map((task) => task.task_id);
    return c.json({ success: true as const, tasks_added: tasks.length, task_ids }, 200);
  });
}
