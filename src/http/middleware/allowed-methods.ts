import { refusal } from '../../domain/errors/index.ts';
import type { MethodsOf } from '../allowed-methods.ts';
import type { AppMiddleware } from '../context.ts';

/** Answers OPTIONS (RFC 9110, section 9.3.7), refuses methods the path lacks (15.5.6), lets unknown paths pass. */
export function allowedMethods(methodsOf: MethodsOf): AppMiddleware {
  return async (c, next) => {
    const { method, path } = c.req;
    const methods = methodsOf(path);
    if (methods === undefined) return next();
    if (method !== 'OPTIONS' && methods.includes(method)) return next();
    c.header('Allow', methods.join(', '));
    if (method === 'OPTIONS') return c.body(null, 204);
    throw refusal('method_not_allowed', { method, path, allowed: methods });
  };
}
