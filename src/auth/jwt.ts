import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { CALLER_NAMES, type Caller, type CoveredProjects, SCOPES } from '../domain/access.ts';
import { LEEWAY_SECONDS } from '../domain/leeway.ts';
import { PROJECT_ID_PATTERN } from '../domain/task.ts';
import { hashOf } from './api-key.ts';
import type { TokenRules } from './credentials.ts';
import { type JwksPorts, jwksKeys } from './jwks.ts';

/** A good token: whom it stands for, and from when to when, in seconds since the epoch, the leeway included. */
export interface VerifiedToken {
  readonly caller: Caller;
  readonly notBefore: number;
  readonly expires: number;
}

/** A kind of key with the algorithms that it may be used for, and no others (RFC 8725, section 3.1). */
interface Verifier {
  readonly algorithms: readonly string[];
  readonly key: JWTVerifyGetKey;
}

/** A token that expires later than so many seconds from now, a year, is none: its issuer gives milliseconds, say. */
const LONGEST_LIFE_SECONDS = 366 * 24 * 60 * 60;

/** How much of a subject the name of a caller holds, in characters. */
const LONGEST_SUBJECT = 100;

/**
 * Makes a verifier of tokens (RFC 7519); it resolves with undefined for one that is not good, and rejects with
 * KeySetUnavailable where that cannot be told. What a token says of its algorithm only chooses between the kinds
 * of keys that are configured; each kind keeps to its own algorithms, so no public key is ever taken for a secret.
 */
export function tokenVerifier(
  rules: TokenRules,
  ports: JwksPorts,
): (token: string) => Promise<VerifiedToken | undefined> {
  const verifiers = verifiersOf(rules, ports);
  const { issuer, audience, leewaySeconds = LEEWAY_SECONDS.default } = rules;
  const expected = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  return async (token) => {
    try {
      const { alg = '' } = decodeProtectedHeader(token);
      const verifier = verifiers.find(({ algorithms }) => algorithms.includes(alg));
      if (verifier === undefined) return undefined;
      const { payload } = await jwtVerify(token, verifier.key, {
        ...expected,
        algorithms: [...verifier.algorithms],
        requiredClaims: ['exp'],
        currentDate: new Date(ports.wallClock()),
        clockTolerance: leewaySeconds,
      });
      const good = verified(payload, leewaySeconds);
      return good !== undefined && isCurrent(good, ports.wallClock()) ? good : undefined;
    } catch (error) {
      // jose's own errors speak of the token, a TypeError of a header that is none; anything else is a fault.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  };
}

/** Whether a token is good at that moment, in milliseconds since the epoch. */
export function isCurrent({ notBefore, expires }: VerifiedToken, now: number): boolean {
  const seconds = Math.floor(now / 1_000);
  return notBefore <= seconds && seconds < expires;
}

function verifiersOf({ secret, jwksUrl }: TokenRules, ports: JwksPorts): Verifier[] {
  const verifiers: Verifier[] = [];
  if (secret !== undefined) verifiers.push({ algorithms: ['HS256'], key: () => secret });
  if (jwksUrl !== undefined) {
    verifiers.push({ algorithms: ['RS256', 'ES256', 'EdDSA'], key: jwksKeys(jwksUrl, ports) });
  }
  return verifiers;
}

/** Claims of another form than ours make the token no good; scopes that we do not know are somebody else's. */
function verified(payload: JWTPayload, leeway: number): VerifiedToken | undefined {
  const { exp, nbf = 0, sub, scope = '' } = payload;
  const projects = projectsIn(payload['projects']);
  if (exp === undefined || projects === undefined || typeof scope !== 'string') return undefined;
  const granted = scope.split(' ');
  const caller = { name: nameOf(sub), projects, scopes: SCOPES.filter((known) => granted.includes(known)) };
  return { caller, notBefore: Math.max(nbf, exp - LONGEST_LIFE_SECONDS) - leeway, expires: exp + leeway };
}

/** Limits and idempotency keys know a caller by the name, so two subjects never share one, however long they are. */
function nameOf(subject: unknown): string {
  const prefix = CALLER_NAMES.token;
  if (typeof subject !== 'string') return prefix;
  if (subject.length <= LONGEST_SUBJECT) return `${prefix}:${subject}`;
  const digest = hashOf(subject).toString('hex');
  return `${prefix}:${subject.slice(0, LONGEST_SUBJECT - digest.length)}${digest}`;
}

function projectsIn(claim: unknown = []): CoveredProjects | undefined {
  if (claim === '*') return claim;
  if (!Array.isArray(claim) || !claim.every(isProjectId)) return undefined;
  return claim;
}

function isProjectId(value: unknown): value is string {
  return typeof value === 'string' && PROJECT_ID_PATTERN.test(value);
}
