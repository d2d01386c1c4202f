import { PLAIN, type Vocabulary } from '../domain/words.ts';
import { type Door, errorBody } from '../http/error-answers.ts';
import { ROUTES } from './routes.ts';

/** Names operations and their arguments as requests and their parts. */
export const REST_VOCABULARY: Vocabulary = {
  operation(name) {
    const route = ROUTES.find(({ operation }) => operation === name);
    return route === undefined ? PLAIN.operation(name) : `${route.method.toUpperCase()} ${route.path}`;
  },
  argument(name, value) {
    if (name === 'idempotency_key') return 'Idempotency-Key';
    const isParameter = ROUTES.some(({ query }) => query !== 'ignored' && query.includes(name));
    const argument = PLAIN.argument(name, value);
    return isParameter ? `?${argument}` : argument;
  },
};

export const REST_DOOR: Door = {
  body: (refused, requestId) => errorBody(refused, REST_VOCABULARY, requestId),
};
