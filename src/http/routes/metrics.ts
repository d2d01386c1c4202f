import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readMetrics } from '../../operations/read-metrics.ts';
import type { AppEnv } from '../context.ts';
import { EXPOSITION_TYPE, toExposition } from '../prometheus/exposition.ts';
import { taskMetrics } from '../prometheus/task-metrics.ts';
import { requires } from '../requires.ts';
import { COMMON_FOR_METRICS, errorAnswers } from '../schemas/error-answers.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'Figures for Prometheus',
  description:
    'Text format 0.0.4: for each project that the credential covers and that has a task, tasks by status, the age of the oldest pending task, and histograms of the times from pending to in_progress and to completed. Parameters of the query are ignored.',
  tags: ['operations'],
  ...requires('admin'),
  responses: {
    200: { description: 'The figures', content: { 'text/plain': { schema: z.string() } } },
    ...errorAnswers(...COMMON_FOR_METRICS),
  },
});

export function registerMetrics(app: OpenAPIHono<AppEnv>): void {
  app.openapi(route, async (c) => {
    const counted = await readMetrics(c.var.database, c.var.caller);
    return c.text(toExposition(taskMetrics(counted)), 200, { 'Content-Type': EXPOSITION_TYPE });
  });
}
