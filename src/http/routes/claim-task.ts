import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { claimTask } from '../../operations/claim-task.ts';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { CLAIM_EXAMPLES, claimAnswer, presentClaim } from '../schemas/claim-answers.ts';
import { claimBody } from '../schemas/claim-requests.ts';
import { COMMON_WITH_BODY, errorAnswers } from '../schemas/error-answers.ts';
import { writeHeaders } from '../schemas/idempotency-key.ts';
import { noQuery } from '../schemas/requests.ts';
import { presentTask } from '../schemas/task-representation.ts';

const route = createRoute({
  method: 'post',
  path: '/tasks/claim',
  operationId: 'claimTask',
  summary: 'Claim the next task of a project',
  description:
    'Gives the agent the first task that is due, by priority and then age, among them those whose agents have let their leases expire, and makes it in_progress for that agent alone. An agent that has as many tasks as it may gets its own oldest one back, the lease renewed.',
  tags: ['claims'],
  ...requires('write'),
  request: {
    headers: writeHeaders,
    query: noQuery,
    body: { required: true, content: { 'application/json': { schema: claimBody } } },
  },
  responses: {
    200: {
      description: 'The task and the claim on it, or why there is none',
      content: { 'application/json': { schema: claimAnswer, examples: CLAIM_EXAMPLES } },
    },
    ...errorAnswers(...COMMON_WITH_BODY),
  },
});

export function registerClaimTask(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const { project_id: projectId, agent_id: agentId, lease_seconds: leaseSeconds, capacity } = body;
    const input = { projectId, agentId, leaseSeconds, capacity, generatorName: body.generator_name };
    const { reason, task, claim, retryAfterSeconds } = await claimTask(c.var.database, input, c.var.caller);
    const answer = {
      success: true as const,
      task: task && presentTask(task),
      reason,
      claim: claim && presentClaim(claim),
    };
    if (retryAfterSeconds === null) return c.json(answer, 200);
    return c.json({ ...answer, retry_after_seconds: retryAfterSeconds }, 200);
  });
}
