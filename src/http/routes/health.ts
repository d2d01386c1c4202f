import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../context.ts';
import { BOUNDS, errorAnswers } from '../schemas/error-answers.ts';
import { healthContent, presentHealth } from '../schemas/health-representation.ts';

const route = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'getHealth',
  summary: 'Whether the service is up, and its database',
  description:
    'Always 200 while the service answers at all, within a second; a load balancer looks at /ready. The database is asked at most once a second. Parameters of the query are ignored.',
  tags: ['operations'],
  security: [],
  responses: {
    200: {
      description: 'The service is up',
      content: healthContent({ connected: true }, { connected: false }),
    },
    ...errorAnswers(...BOUNDS),
  },
});

export function registerHealth(app: OpenAPIHono<AppEnv>, version: string): void {
  app.openapi(route, (c) => c.json(presentHealth(c.var.health, version), 200));
}
