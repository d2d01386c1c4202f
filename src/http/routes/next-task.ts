import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { nextTask } from '../../operations/next-task.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { nextAnswer } from '../schemas/answers.ts';
import { COMMON, errorAnswers } from '../schemas/error-answers.ts';
import { EXAMPLE_TASK } from '../schemas/examples.ts';
import { nextQuery } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'get',
  path: '/tasks/next',
  operationId: 'getNextTask',
  summary: 'The next task of a project',
  description:
    'Of the pending tasks the first that is due, by priority and then by age; of another status the one that was created first. It only looks: two agents that ask at once see the same task, and the one whose move to in_progress succeeds has it.',
  tags: ['tasks'],
  ...requires('read'),
  request: { query: nextQuery },
  responses: {
    200: {
      description: 'The task, or null with a message when there is none',
      content: {
        'application/json': {
          schema: nextAnswer,
          examples: {
            task: { value: { success: true, task: EXAMPLE_TASK } },
            none: {
              value: { success: true, task: null, message: 'No pending tasks for project' },
            },
          },
        },
      },
    },
    ...errorAnswers('missing_project', ...COMMON),
  },
});

export function registerNextTask(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { project, status } = c.req.valid('query');
    const task = await nextTask(c.var.database, { projectId: project, status }, c.var.caller);
    if (task !== null) return c.json({ success: true as const, task: presentTask(task) }, 200);
    const message = `No ${status} tasks for project`;
    return c.json({ success: true as const, task: null, message }, 200);
  });
}
