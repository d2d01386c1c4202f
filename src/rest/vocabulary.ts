import type { Vocabulary } from '../domain/words.ts';
import { ROUTES } from './routes.ts';

const HEADERS: Readonly<Record<string, string>> = { idempotency_key: 'Idempotency-Key' };

/** Names operations and their arguments as requests and their parts. */
export const REST_VOCABULARY: Vocabulary = {
  operation(name) {
    const route = ROUTES.find(({ operation }) => operation === name);
    return route === undefined ? name : `${route.method.toUpperCase()} ${route.path}`;
  },
  argument(name, value) {
    const isParameter = ROUTES.some(({ query }) => query !== 'ignored' && query.includes(name));
    const shown = value === undefined ? '' : `=${value}`;
    return isParameter ? `?${name}${shown}` : `${HEADERS[name] ?? name}${shown}`;
  },
};
