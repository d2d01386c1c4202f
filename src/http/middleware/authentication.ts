import type { Verdict } from '../../auth/verdict.ts';
import type { Caller } from '../../domain/access.ts';
import { DomainError, ERRORS, refusal } from '../../domain/errors/index.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { LONGEST_CREDENTIAL } from '../limits.ts';
import { limitFailedAuthentication, type RateLimiter } from './rate-limit.ts';

export type AccessPolicy =
  | {
      readonly kind: 'credentials';
      readonly authenticate: (credential: string, resource?: string) => Promise<Verdict> | Verdict;
      /** Who gives tokens, if one is named. */
      readonly issuer?: string;
    }
  /** Everybody on one's own machine; nobody where Cloudflare's edge passed the request on. */
  | { readonly kind: 'anonymous'; readonly caller: Caller }
  | { readonly kind: 'closed'; readonly reason: DomainError };

/** THE list of paths open to strangers; every other path, known or not, needs a credential. */
export const OPEN_PATHS: ReadonlySet<string> = new Set([
  '/health',
  '/openapi.json',
  '/docs',
  '/docs.css',
  '/docs.js',
  '/board',
  '/board.js',
  '/board-layout.js',
]);

/** Clients look for metadata of OAuth before they have a credential (RFC 8414, RFC 9728); mostly there is none. */
const OPEN_PREFIX = '/.well-known/oauth-';

/** The scheme in any case (RFC 9110, section 11.1), and a token68 (RFC 6750, section 2.1). */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const PRESENTED_CHARACTERS = 8;
const TOO_LONG: Verdict = { ok: false, problem: 'too_long' };

/**
 * Identifies the caller before anything else reads the request; limits failed attempts. Some paths are resources whose
 * tokens must be meant for them (RFC 8707).
 */
export function authentication(
  policy: AccessPolicy,
  failures: RateLimiter | undefined,
  resources: readonly string[] = [],
): AppMiddleware {
  return async (c, next) => {
    const { path } = c.req;
    if (!(OPEN_PATHS.has(path) || path.startsWith(OPEN_PREFIX))) {
      try {
        const resource = resources.includes(path) ? new URL(path, c.req.url).href : undefined;
        c.set('caller', await callerOf(c, policy, resource));
      } catch (error) {
        if (isFailedAuthentication(error)) await limitFailedAuthentication(c, failures);
        throw error;
      }
    }
    await next();
  };
}

function isFailedAuthentication(error: unknown): boolean {
  return error instanceof DomainError && ERRORS[error.code].status === 401;
}

async function callerOf(c: AppContext, policy: AccessPolicy, resource: string | undefined): Promise<Caller> {
  switch (policy.kind) {
    case 'closed':
      throw policy.reason;
    case 'anonymous':
      // The edge adds CF-Ray to every request, and no client can remove it.
      if (c.req.header('cf-ray') !== undefined) throw refusal('authentication_not_configured', {});
      return policy.caller;
    case 'credentials': {
      const credential = credentialIn(c);
      const verdict =
        credential.length > LONGEST_CREDENTIAL ? TOO_LONG : await policy.authenticate(credential, resource);
      if (verdict.ok) return verdict.caller;
      c.set('credentialProblem', verdict.problem);
      throw refusal('invalid_credential', {});
    }
  }
}

function credentialIn(c: AppContext): string {
  const header = c.req.header('authorization');
  if (header === undefined) throw refusal('missing_credential', {});
  const credential = BEARER.exec(header)?.[1];
  // For the log: enough to tell a mistyped key from an old one, too little to use.
  const presented = credential ?? header;
  c.set('presented', presented.slice(0, Math.min(PRESENTED_CHARACTERS, presented.length / 2)));
  if (credential === undefined) throw refusal('malformed_credential', {});
  return credential;
}
