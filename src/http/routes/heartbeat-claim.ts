import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { heartbeatClaim } from '../../operations/heartbeat-claim.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { heartbeatAnswer, presentClaim } from '../schemas/claim-answers.ts';
import { heartbeatBody } from '../schemas/claim-requests.ts';
import { ABOUT_CLAIM, COMMON_WITH_BODY, errorAnswers } from '../schemas/error-answers.ts';
import { writeToTask } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'post',
  path: '/tasks/{task_id}/heartbeat',
  operationId: 'heartbeatClaim',
  summary: 'Renew the lease of a claim',
  description:
    'Tells that the agent is still at work. A claim whose lease has expired is renewed as well, as long as nobody else has taken the task; one on the last attempt, until anybody claims in the project.',
  tags: ['claims'],
  ...requires('write'),
  request: writeToTask(heartbeatBody),
  responses: {
    200: {
      description: 'The claim with its new lease',
      content: { 'application/json': { schema: heartbeatAnswer } },
    },
    ...errorAnswers(...ABOUT_CLAIM, ...COMMON_WITH_BODY),
  },
});

export function registerHeartbeatClaim(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const { claim_token: claimToken, lease_seconds: leaseSeconds } = c.req.valid('json');
    const { task_id: taskId } = c.req.valid('param');
    const { project: projectId } = c.req.valid('query');
    const input = { taskId, projectId, claimToken, leaseSeconds };
    const { task, claim } = await heartbeatClaim(c.var.database, input, c.var.caller);
    return c.json({ success: true as const, task: presentTask(task), claim: presentClaim(claim) }, 200);
  });
}
