import { createApiKey, hashOf } from '../../src/auth/api-key.ts';
import { authenticator } from '../../src/auth/authenticator.ts';
import type { Credentials } from '../../src/auth/credentials.ts';
import type { JwksPorts } from '../../src/auth/jwks.ts';
import type { Caller } from '../../src/domain/access.ts';
import type { AccessPolicy } from '../../src/http/middleware/authentication.ts';
import { type Api, apiOver } from './api.ts';

/** A moment, in milliseconds since the epoch, at which the clocks of these tests stand. */
export const NOW = Date.UTC(2026, 0, 1);

/** No network, and a clock that stands still. */
export const STILL: JwksPorts = {
  fetch: () => Promise.reject(new Error('no network')),
  wallClock: () => NOW,
};

/** Lets in whoever has one of these credentials. */
export function accessBy(credentials: Credentials, ports: Partial<JwksPorts> = {}): AccessPolicy {
  const issuer = credentials.tokens?.issuer;
  const authenticate = authenticator(credentials, { ...STILL, ...ports });
  return { kind: 'credentials', authenticate, ...(issuer === undefined ? {} : { issuer }) };
}

/** Makes a key for each caller, by its name, and the policy that knows them. */
export function keysFor<Name extends string>(
  callers: Readonly<Record<Name, Omit<Caller, 'name'>>>,
): { keys: Readonly<Record<Name, string>>; access: AccessPolicy } {
  const entries = Object.entries<Omit<Caller, 'name'>>(callers).map(([name, grants]) => {
    const key = createApiKey();
    return { name, key, configured: { caller: { name, ...grants }, hash: hashOf(key) } };
  });
  // The entries are made of exactly the callers' names.
  const keys = Object.fromEntries(entries.map(({ name, key }) => [name, key])) as Record<Name, string>;
  return { keys, access: accessBy({ keys: entries.map(({ configured }) => configured) }) };
}

/** The same API, asked with a credential. */
export function withCredential(api: Pick<Api, 'send'>, credential: string): Api {
  return apiOver((path, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${credential}`);
    return api.send(path, { ...init, headers });
  });
}
