import { findCaller, hashOf, isMistypedKey } from './api-key.ts';
import type { Credentials } from './credentials.ts';
import type { JwksPorts } from './jwks.ts';
import { tokenVerifier } from './jwt.ts';
import type { Verdict } from './verdict.ts';

/** Header, claims and signature in base64url (RFC 7515, section 7.1). */
const COMPACT_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Tells whom a credential stands for; a token of an issuer must be meant for the resource, if one is named. Rejects with `authentication_unavailable` when no keys can be fetched. */
export function authenticator(
  { keys, tokens }: Credentials,
  ports: JwksPorts,
): (credential: string, resource?: string) => Promise<Verdict> | Verdict {
  const verifyToken = tokens === undefined ? undefined : tokenVerifier(tokens, ports);
  return (credential, resource) => {
    if (isMistypedKey(credential)) return { ok: false, problem: 'mistyped_key' };
    const caller = keys.length === 0 ? undefined : findCaller(keys, hashOf(credential));
    if (caller !== undefined) return { ok: true, caller };
    const isToken = verifyToken !== undefined && COMPACT_TOKEN.test(credential);
    return isToken ? verifyToken(credential, resource) : { ok: false, problem: 'unknown_key' };
  };
}
