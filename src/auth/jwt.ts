import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { CALLER_NAMES, type CoveredProjects, SCOPES } from '../domain/access.ts';
import { LEEWAY_SECONDS } from '../domain/leeway.ts';
import { PROJECT_ID_PATTERN } from '../domain/task.ts';
import { hashOf } from './api-key.ts';
import type { TokenRules } from './credentials.ts';
import { issuerKeys, type JwksPorts } from './jwks.ts';
import type { CredentialProblem, Verdict } from './verdict.ts';

/** A year. A token that lives longer is a mistake of its issuer, such as milliseconds. */
const LONGEST_LIFE_SECONDS = 366 * 24 * 60 * 60;

/** How many characters of a subject a caller's name may hold. */
const LONGEST_SUBJECT = 100;

/** jose's errors by code or, where a claim failed, by claim and reason. */
const PROBLEMS: Readonly<Record<string, CredentialProblem>> = {
  ERR_JWS_INVALID: 'malformed',
  ERR_JWT_INVALID: 'malformed',
  ERR_JOSE_ALG_NOT_ALLOWED: 'unsupported_algorithm',
  ERR_JOSE_NOT_SUPPORTED: 'unsupported_header',
  ERR_JWKS_NO_MATCHING_KEY: 'unknown_signing_key',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'ambiguous_signing_key',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JWT_EXPIRED: 'expired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'claims',
  'nbf check_failed': 'not_yet_valid',
  'iss check_failed': 'issuer',
  'iss missing': 'issuer',
  'aud check_failed': 'audience',
  'aud missing': 'audience',
};

/**
 * Makes a verifier of tokens (RFC 7519). Each key serves only its own algorithms (RFC 8725, section 3.1), so a public
 * key never acts as a secret. Rejects with `authentication_unavailable`.
 */
export function tokenVerifier(
  rules: TokenRules,
  ports: JwksPorts,
): (token: string, resource?: string) => Promise<Verdict> {
  const keys = keysByAlgorithm(rules, ports);
  const { issuer, leewaySeconds = LEEWAY_SECONDS.default } = rules;
  const expected = {
    ...(issuer === undefined ? {} : { issuer }),
    algorithms: [...keys.keys()],
    requiredClaims: ['exp'],
    clockTolerance: leewaySeconds,
  };
  const keyOf: JWTVerifyGetKey = (header, token) => {
    const key = keys.get(header.alg);
    if (key === undefined) throw new errors.JOSEAlgNotAllowed('No key for the algorithm');
    return key(header, token);
  };
  return async (token, resource) => {
    const now = ports.wallClock();
    try {
      const meant = audienceOf(rules, resource);
      const current = { ...expected, ...meant, currentDate: new Date(now) };
      const { payload } = await jwtVerify(token, keyOf, current);
      return verdictOn(payload, Math.floor(now / 1_000) + leewaySeconds);
    } catch (error) {
      return refused(problemOf(error));
    }
  };
}

/** Whom a token must be meant for: who names an issuer publishes the resource that tokens are asked for (RFC 8707). */
function audienceOf({ issuer, audience }: TokenRules, resource: string | undefined): { audience?: string[] } {
  const named = audience === undefined ? [] : [audience];
  const own = issuer === undefined || resource === undefined ? [] : [resource, new URL(resource).origin];
  return named.length + own.length === 0 ? {} : { audience: [...named, ...own] };
}

function keysByAlgorithm({ secret, jwksUrl }: TokenRules, ports: JwksPorts): Map<string, JWTVerifyGetKey> {
  const keys = new Map<string, JWTVerifyGetKey>();
  if (secret !== undefined) keys.set('HS256', () => secret);
  if (jwksUrl !== undefined) {
    const ofIssuer = issuerKeys(jwksUrl, ports);
    for (const algorithm of ['RS256', 'ES256', 'EdDSA']) keys.set(algorithm, ofIssuer);
  }
  return keys;
}

function refused(problem: CredentialProblem): Verdict {
  return { ok: false, problem };
}

/** Throws errors that are not about the token. */
function problemOf(error: unknown): CredentialProblem {
  // jose raises a TypeError for a key that it rejects, such as RSA under 2048 bits.
  if (error instanceof TypeError) return 'unusable_signing_key';
  if (!(error instanceof errors.JOSEError)) throw error;
  const failed = error instanceof errors.JWTClaimValidationFailed ? `${error.claim} ${error.reason}` : '';
  const problem = PROBLEMS[failed] ?? PROBLEMS[error.code];
  if (problem === undefined) throw error;
  return problem;
}

/** Judges the claims of a token with a valid signature and valid times. Unknown scopes belong to other services. */
function verdictOn({ exp = 0, sub, scope = '', projects: claim }: JWTPayload, latest: number): Verdict {
  if (exp - LONGEST_LIFE_SECONDS > latest) return refused('lifetime');
  const projects = projectsIn(claim);
  if (projects === undefined || typeof scope !== 'string') return refused('claims');
  const granted = scope.split(' ');
  const caller = { name: nameOf(sub), projects, scopes: SCOPES.filter((known) => granted.includes(known)) };
  return { ok: true, caller };
}

/** Limits and idempotency keys tell callers apart by name, so a long subject ends in its digest. */
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
