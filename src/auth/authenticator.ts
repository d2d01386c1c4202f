import type { Caller } from '../domain/access.ts';
import { authenticationUnavailable } from '../domain/errors.ts';
import { findCaller, hashOf, isMistypedKey } from './api-key.ts';
import type { Credentials, TokenRules } from './credentials.ts';
import { type JwksPorts, KeySetUnavailable } from './jwks.ts';
import { isCurrent, tokenVerifier, type VerifiedToken } from './jwt.ts';

/** Header, claims and signature in base64url (RFC 7515, section 7.1). */
const COMPACT_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** How many verified tokens are remembered; one is some hundred bytes, and at most LONGEST_CREDENTIAL. */
const REMEMBERED_TOKENS = 1_000;
/** How long, in milliseconds: as much longer may a key serve that its issuer withdrew. */
const REMEMBERED_MS = 600_000;

interface Remembered extends VerifiedToken {
  readonly until: number;
}

/**
 * Makes the function that says whom a credential stands for; undefined when nobody. It asks no database. A key
 * costs one hash; a token that was verified before costs a lookup, and its times are looked at again.
 * Rejects with `authentication_unavailable` where the keys of an issuer cannot be had.
 */
export function authenticator(
  { keys, tokens }: Credentials,
  ports: JwksPorts,
): (credential: string) => Promise<Caller | undefined> | Caller | undefined {
  const verifyToken = tokens === undefined ? undefined : rememberingVerifier(tokens, ports);
  return (credential) => {
    if (isMistypedKey(credential)) return undefined;
    const caller = keys.length === 0 ? undefined : findCaller(keys, hashOf(credential));
    return caller ?? verifyToken?.(credential);
  };
}

function rememberingVerifier(rules: TokenRules, ports: JwksPorts) {
  const verify = tokenVerifier(rules, ports);
  const remembered = new Map<string, Remembered>();
  const verifyAndRemember = async (token: string, now: number): Promise<Caller | undefined> => {
    const verified = await verify(token).catch(refuseWithoutKeys);
    if (verified === undefined) return undefined;
    remembered.delete(token);
    remembered.set(token, { ...verified, until: now + REMEMBERED_MS });
    // A map lists in the order of entry, so the first is the one that was verified the longest ago.
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED_TOKENS && oldest !== undefined) remembered.delete(oldest);
    return verified.caller;
  };
  return (token: string): Promise<Caller | undefined> | Caller | undefined => {
    const now = ports.wallClock();
    const known = remembered.get(token);
    if (known !== undefined && now < known.until) return isCurrent(known, now) ? known.caller : undefined;
    return COMPACT_TOKEN.test(token) ? verifyAndRemember(token, now) : undefined;
  };
}

function refuseWithoutKeys(error: unknown): never {
  throw error instanceof KeySetUnavailable ? authenticationUnavailable(error) : error;
}
