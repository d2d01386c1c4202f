import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../context.ts';
import { requires } from '../requires.ts';
import { BEFORE_THE_ROUTE, errorAnswers } from '../schemas/error-answers.ts';
import { healthContent, notReadyContent, presentHealth } from '../schemas/health-representation.ts';

const route = createRoute({
  method: 'get',
  path: '/ready',
  operationId: 'getReadiness',
  summary: 'Whether the service can do its work',
  description:
    'Answers as /health does, with 503 while the database does not answer. Parameters of the query are ignored.',
  tags: ['operations'],
  ...requires('credential'),
  responses: {
    200: { description: 'The service can do its work', content: healthContent({ connected: true }) },
    503: { description: 'The database does not answer', content: notReadyContent() },
    ...errorAnswers(...BEFORE_THE_ROUTE),
  },
});

export function registerReady(app: OpenAPIHono<AppEnv>, version: string): void {
  app.openapi(route, (c) => {
    const { connected, problem } = c.var.health;
    if (connected) return c.json(presentHealth(c.var.health, version), 200);
    // For the log; a state that an earlier request found out has the cause of that one.
    if (problem instanceof Error) c.error = problem;
    return c.json(presentHealth(c.var.health, version), 503);
  });
}
