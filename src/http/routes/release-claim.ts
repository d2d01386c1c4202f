import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { releaseClaim } from '../../operations/release-claim.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { releaseAnswer } from '../schemas/claim-answers.ts';
import { releaseBody } from '../schemas/claim-requests.ts';
import { ABOUT_CLAIM, COMMON_WITH_BODY, errorAnswers } from '../schemas/error-answers.ts';
import { writeToTask } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'post',
  path: '/tasks/{task_id}/release',
  operationId: 'releaseClaim',
  summary: 'Give a claimed task back',
  description: 'The task is pending again, at once or after a delay; the attempt is not counted as failed.',
  tags: ['claims'],
  ...requires('write'),
  request: writeToTask(releaseBody),
  responses: {
    200: {
      description: 'The task as it is now',
      content: { 'application/json': { schema: releaseAnswer } },
    },
    ...errorAnswers(...ABOUT_CLAIM, ...COMMON_WITH_BODY),
  },
});

export function registerReleaseClaim(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { claim_token: claimToken, delay_seconds: delaySeconds, notes } = c.req.valid('json');
    const { task_id: taskId } = c.req.valid('param');
    const { project: projectId } = c.req.valid('query');
    const input = { taskId, projectId, claimToken, delaySeconds, notes };
    const task = await releaseClaim(c.var.database, input, c.var.caller);
    return c.json({ success: true as const, released_task: presentTask(task) }, 200);
  });
}
