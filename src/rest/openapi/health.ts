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
    summary: 'Report the health of the service and its database',
    description:
      'Answers 200 within a second whenever the service is up; point load balancers at /ready. The service asks the database at most once a second. It ignores query parameters.',
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
    summary: 'Report whether the service can do its work',
    description:
      'Answers as /health does, but with 503 while the database does not answer. It ignores query parameters.',
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
