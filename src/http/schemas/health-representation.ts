import { z } from '@hono/zod-openapi';
import type { DatabaseHealth } from '../../operations/database-health.ts';
import { errorAnswer } from './answers.ts';
import { errorAnswers } from './error-answers.ts';

/** How the service is; all that it tells to strangers. */
export const healthAnswer = z
  .strictObject({
    status: z.enum(['healthy', 'degraded']),
    version: z.string(),
    dependencies: z.strictObject({ database: z.enum(['connected', 'disconnected']) }),
  })
  .openapi('HealthAnswer');

export type HealthRepresentation = z.infer<typeof healthAnswer>;

/** Presents the health of this version of the service. */
export function presentHealth({ connected }: DatabaseHealth, version: string): HealthRepresentation {
  return {
    status: connected ? 'healthy' : 'degraded',
    version,
    dependencies: { database: connected ? 'connected' : 'disconnected' },
  };
}

/** What a service that is not ready answers: how it is, or that it cannot tell who is asking. */
export const notReadyAnswer = z.union([healthAnswer, errorAnswer]).openapi('NotReadyAnswer');

/** The answer 503 of /ready, with an example of each form. */
export function notReadyContent() {
  const refusal = errorAnswers('authentication_unavailable')[503]?.content['application/json'].examples;
  const examples = { ...examplesOf({ connected: false }), ...refusal };
  return { 'application/json': { schema: notReadyAnswer, examples } };
}

/** An answer with an example of each state that it may tell of. */
export function healthContent(...states: readonly DatabaseHealth[]) {
  return { 'application/json': { schema: healthAnswer, examples: examplesOf(...states) } };
}

function examplesOf(...states: readonly DatabaseHealth[]) {
  return Object.fromEntries(
    states.map((state) => {
      const value = presentHealth(state, '0.1.0');
      return [value.status, { value }];
    }),
  );
}
