import { type Client, createClient } from '../../client/index.ts';
import type { Api } from './api.ts';

/** The typed client over the service of a test; it asks once. */
export function clientOf({ send }: Pick<Api, 'send'>, key = ''): Client {
  return createClient({
    baseUrl: 'http://service.test',
    key,
    retries: 0,
    fetch: (url, init) => send(url.slice('http://service.test'.length), init),
  });
}
