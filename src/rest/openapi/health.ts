import { type RouteConfig, z } from '@hono/zod-openapi';
import type { DatabaseHealth } from '../../operations/database-health.ts';
import { type HealthAnswer, presentHealth } from '../health.ts';
import { BEFORE_THE_ROUTE, BOUNDS, errorAnswer, errorAnswers, exampleAnswer } from './errors.ts';

export const healthAnswer: z.ZodType<HealthAnswer> = z
  .strictObject({
    status: z.enum(['healthy', 'degraded']),
    version: z.string(),
    dependencies: z.strictObject({ database: z.enum(['connected', 'disconnected']) }),
  })
  .openapi('HealthAnswer');

export const notReadyAnswer = z.union([healthAnswer, errorAnswer]).openapi('NotReadyAnswer');

function examplesOf(...states: readonly DatabaseHealth[]) {
  return Object.fromEntries(
    states.map((state) => {
      const value = presentHealth(state, '0.1.0');
      return [value.status, { value }];
    }),
  );
}

const content = (schema: z.ZodType, examples: object) => ({
  'application/json': { schema, examples: { ...examples } },
});

export const HEALTH_ROUTES: readonly RouteConfig[] = [
  {
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
        content: content(healthAnswer, examplesOf({ connected: true }, { connected: false })),
      },
      ...errorAnswers(BOUNDS),
    },
  },
  {
    method: 'get',
    path: '/ready',
    operationId: 'getReadiness',
    summary: 'Whether the service can do its work',
    description:
      'Answers as /health does, with 503 while the database does not answer. Parameters of the query are ignored.',
    tags: ['operations'],
    security: [{ bearer: [] }],
    responses: {
      200: {
        description: 'The service can do its work',
        content: content(healthAnswer, examplesOf({ connected: true })),
      },
      503: {
        description: 'The database does not answer',
        content: content(notReadyAnswer, {
          ...examplesOf({ connected: false }),
          authentication_unavailable: { value: exampleAnswer('authentication_unavailable') },
        }),
      },
      ...errorAnswers(BEFORE_THE_ROUTE),
    },
  },
];
