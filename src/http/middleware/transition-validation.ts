import { planTransition } from '../../domain/transitions.ts';
import type { AppMiddleware } from '../context.ts';
import { transitionRequest } from '../schemas/requests.ts';

/**
 * Resolves the wanted transition against the table before the handler runs. A body that names no known status
 * passes: the route's own validation says in full what is wrong with it.
 */
export function transitionValidation(): AppMiddleware {
  return async (c, next) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const wanted = transitionRequest.safeParse(body);
    if (wanted.success) c.set('transition', planTransition(wanted.data.status, wanted.data.reset));
    await next();
  };
}
