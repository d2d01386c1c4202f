import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/task.ts';
import { listTasks } from '../../operations/list-tasks.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { listAnswer } from '../schemas/answers.ts';
import { encodeCursor } from '../schemas/cursor.ts';
import { COMMON, errorAnswers } from '../schemas/error-answers.ts';
import { listQuery } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'get',
  path: '/tasks',
  operationId: 'listTasks',
  summary: 'The tasks of a project',
  description:
    'In order of creation, page by page: pass next_cursor as cursor until it is null. A walk sees each task that exists throughout exactly once, also while others are added.',
  tags: ['tasks'],
  ...requires('read'),
  request: { query: listQuery },
  responses: {
    200: {
      description: 'One page of tasks',
      content: { 'application/json': { schema: listAnswer } },
    },
    ...errorAnswers('missing_project', ...COMMON),
  },
});

export function registerListTasks(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { project, status, limit = LIMITS.tasksPerPage, cursor } = c.req.valid('query');
    const input = { projectId: project, status, limit, after: cursor };
    const page = await listTasks(c.var.database, input, c.var.caller);
    const tasks = page.tasks.map(presentTask);
    const next_cursor = page.next === null ? null : encodeCursor(page.next);
    return c.json({ success: true as const, tasks, count: tasks.length, next_cursor }, 200);
  });
}
