import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { CALLER_NAMES, type CoveredProjects, SCOPES } from '../domain/access.ts';
import { LEEWAY_SECONDS } from '../domain/leeway.ts';
import { PROJECT_ID_PATTERN } from '../domain/task.ts';
import { hashOf } from './api-key.ts';
import type { TokenRules } from './credentials.ts';
import { issuerKeys, type JwksPorts } from './jwks.ts';
import type { CredentialProblem, Verdict } from './verdict.ts';

/** A token that expires later than so many seconds from now, a year, is none: its issuer gives milliseconds, say. */
const LONGEST_LIFE_SECONDS = 366 * 24 * 60 * 60;

/** How much of a subject the name of a caller holds, in characters. */
const LONGEST_SUBJECT = 100;

/** What jose's errors say of a token, by code or, where a claim failed, by the claim and how it failed. */
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
 * Makes a verifier of tokens (RFC 7519); it rejects with `authentication_unavailable` where nothing can be said of one.
 * The algorithm that a token names only chooses among the keys that are configured, and each of those serves its own
 * algorithms and no others (RFC 8725, section 3.1), so no public key is ever taken for a secret.
 */
export function tokenVerifier(rules: TokenRules, ports: JwksPorts): (token: string) => Promise<Verdict> {
  const keys = keysByAlgorithm(rules, ports);
  const { issuer, audience, leewaySeconds = LEEWAY_SECONDS.default } = rules;
  const expected = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    algorithms: [...keys.keys()],
    requiredClaims: ['exp'],
    clockTolerance: leewaySeconds,
  };
  const keyOf: JWTVerifyGetKey = (header, token) => {
    const key = keys.get(header.alg);
    if (key === undefined) throw new errors.JOSEAlgNotAllowed('No key for the algorithm');
    return key(header, token);
  };
  return async (token) => {
    const now = ports.wallClock();
    try {
      const { payload } = await jwtVerify(token, keyOf, { ...expected, currentDate: new Date(now) });
      return verdictOn(payload, Math.floor(now / 1_000) + leewaySeconds);
    } catch (error) {
      return refused(problemOf(error));
    }
  };
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

/** Throws what does not speak of the token. */
function problemOf(error: unknown): CredentialProblem {
  // jose raises a TypeError for a key that it does not use, such as an RSA key of less than 2048 bits.
  if (error instanceof TypeError) return 'unusable_signing_key';
  if (!(error instanceof errors.JOSEError)) throw error;
  const failed = error instanceof errors.JWTClaimValidationFailed ? `${error.claim} ${error.reason}` : '';
  const problem = PROBLEMS[failed] ?? PROBLEMS[error.code];
  if (problem === undefined) throw error;
  return problem;
}

/**
 * What the claims of a token come to whose signature and times are good. Claims of another form than ours make it no
 * good; scopes that we do not know are somebody else's.
 */
function verdictOn({ exp = 0, sub, scope = '', projects: claim }: JWTPayload, latest: number): Verdict {
  if (exp - LONGEST_LIFE_SECONDS > latest) return refused('lifetime');
  const projects = projectsIn(claim);
  if (projects === undefined || typeof scope !== 'string') return refused('claims');
  const granted = scope.split(' ');
  const caller = { name: nameOf(sub), projects, scopes: SCOPES.filter((known) => granted.includes(known)) };
  return { ok: true, caller };
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
