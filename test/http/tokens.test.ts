import { createHmac } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { accessBy, NOW, withCredential } from '../support/credentials.ts';

const SECRET = new TextEncoder().encode('a secret of no less than 32 bytes');
const SECONDS = NOW / 1_000;
/** The longest that a token may live, in seconds. */
const YEAR = 366 * 24 * 60 * 60;
const CLAIMS = { sub: 'agent-7', projects: ['alpha'], scope: 'read write', exp: SECONDS + 60 };

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs by hand what no library would sign. */
function forge(
  header: object,
  claims: object,
  secret: string | Uint8Array | undefined,
  hash = 'sha256',
): string {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  const signature = secret === undefined ? '' : createHmac(hash, secret).update(signed).digest('base64url');
  return `${signed}.${signature}`;
}

const hs256 = (claims: object) => forge({ alg: 'HS256' }, claims, SECRET);

/** The name of the caller that a token stands for, or the code of its refusal. */
async function outcomeOf(app: AppUnderTest, token: string): Promise<unknown> {
  const { body } = await withCredential(app, token).get('/nowhere');
  const caller = app.log.at(-1)?.caller;
  return body.code === 'route_not_found' ? caller : body.code;
}

describe('a token with a shared secret', () => {
  const app = appUnderTest({ access: accessBy({ keys: [], tokens: { secret: SECRET } }) });
  const outcome = (token: string) => outcomeOf(app, token);

  it('a token lets its subject in, again and again', async () => {
    const token = hs256(CLAIMS);
    for (const _ of [1, 2, 3]) expect(await outcome(token)).toBe('jwt:agent-7');
  });

  it.each<[string, object]>([
    ['expired a minute ago', { ...CLAIMS, exp: SECONDS - 60 }],
    ['expired 5 seconds ago', { ...CLAIMS, exp: SECONDS - 5 }],
    ['expires in more than a year', { ...CLAIMS, exp: SECONDS + YEAR + 6 }],
    ['expires in milliseconds', { ...CLAIMS, exp: (SECONDS + 60) * 1_000 }],
    ['never expires', { ...CLAIMS, exp: undefined }],
    ['expires some day', { ...CLAIMS, exp: 'tomorrow' }],
    ['begins in 6 seconds', { ...CLAIMS, nbf: SECONDS + 6 }],
    ['begins some day', { ...CLAIMS, nbf: 'tomorrow' }],
    ['covers what is no project', { ...CLAIMS, projects: ['alpha', 'a b'] }],
    ['covers a NUL', { ...CLAIMS, projects: ['a\u0000'] }],
    ['covers the sign for all in a list', { ...CLAIMS, projects: ['*'] }],
    ['covers a text', { ...CLAIMS, projects: 'alpha' }],
    ['covers null', { ...CLAIMS, projects: null }],
    ['covers an object', { ...CLAIMS, projects: { 0: 'alpha', length: 1 } }],
    ['has its scopes in a list', { ...CLAIMS, scope: ['read'] }],
  ])('a token that %s is refused', async (_, claims) => {
    expect(await outcome(hs256(claims))).toBe('invalid_credential');
  });

  it.each<[string, object, string]>([
    ['begins in 5 seconds', { ...CLAIMS, nbf: SECONDS + 5 }, 'jwt:agent-7'],
    ['expired 4 seconds ago', { ...CLAIMS, exp: SECONDS - 4 }, 'jwt:agent-7'],
    ['was issued in a minute', { ...CLAIMS, iat: SECONDS + 60 }, 'jwt:agent-7'],
    ['expires in a year', { ...CLAIMS, exp: SECONDS + YEAR }, 'jwt:agent-7'],
    ['has no subject', { ...CLAIMS, sub: undefined }, 'jwt'],
    ['has a number for its subject', { ...CLAIMS, sub: 7 }, 'jwt'],
    ['has a subject of 100 characters', { ...CLAIMS, sub: 'x'.repeat(100) }, `jwt:${'x'.repeat(100)}`],
    ['says nothing of projects', { ...CLAIMS, projects: undefined }, 'jwt:agent-7'],
  ])('a token that %s is good', async (_, claims, name) => {
    expect(await outcome(hs256(claims))).toBe(name);
  });

  it('a token with an endless subject gets a short name of its own', async () => {
    const nameOf = (last: string) => outcome(hs256({ ...CLAIMS, sub: 'x'.repeat(2_000) + last }));
    const names = [await nameOf('a'), await nameOf('b')];
    for (const name of names) expect(name).toMatch(/^jwt:x{36}[0-9a-f]{64}$/);
    expect(new Set(names).size).toBe(2);
  });

  it.each<[string, string]>([
    ['alg none', forge({ alg: 'none' }, CLAIMS, undefined)],
    ['alg none and a signature', forge({ alg: 'none' }, CLAIMS, SECRET)],
    ['alg NONE', forge({ alg: 'NONE' }, CLAIMS, undefined)],
    ['no alg', forge({}, CLAIMS, SECRET)],
    ['an alg in small letters', forge({ alg: 'hs256' }, CLAIMS, SECRET)],
    ['an alg that is a list', forge({ alg: ['HS256'] }, CLAIMS, SECRET)],
    ['an alg from the prototype', forge({ alg: 'constructor' }, CLAIMS, SECRET)],
    ['another algorithm of the same secret', forge({ alg: 'HS512' }, CLAIMS, SECRET, 'sha512')],
    ['an algorithm of a public key', forge({ alg: 'RS256' }, CLAIMS, SECRET)],
    ['another secret', forge({ alg: 'HS256' }, CLAIMS, 'another secret of at least 32 bytes!')],
    ['an empty secret', forge({ alg: 'HS256' }, CLAIMS, '')],
    ['no signature', forge({ alg: 'HS256' }, CLAIMS, undefined)],
    ['a header that is critical', forge({ alg: 'HS256', crit: ['x'], x: 1 }, CLAIMS, SECRET)],
    ['claims that are no JSON', `${base64url({ alg: 'HS256' })}.e30x.AAAA`],
    ['a header that is no JSON', 'AAAA.AAAA.AAAA'],
    ['a header that is null', `${base64url(null)}.${base64url(CLAIMS)}.AAAA`],
    ['three dots', '...'],
    ['five parts', 'a.b.c.d.e'],
  ])('a token with %s is refused', async (_, token) => {
    expect(await outcome(token)).toMatch(/^(invalid|malformed)_credential$/);
  });

  it('a token with changed claims is refused', async () => {
    const [header, , signature] = hs256(CLAIMS).split('.');
    const changed = `${header}.${base64url({ ...CLAIMS, projects: '*' })}.${signature}`;
    expect(await outcome(changed)).toBe('invalid_credential');
  });

  it.each(['../../dev/null', `' or 1=1 --`, '/etc/passwd', 'a'.repeat(3_000), '__proto__', ''])(
    'a token is checked with the secret, whatever key it names: %j',
    async (kid) => {
      const header = { alg: 'HS256', kid, jku: 'https://evil.example/jwks', jwk: { kty: 'oct', k: 'AA' } };
      expect(await outcome(forge(header, CLAIMS, SECRET))).toBe('jwt:agent-7');
      expect(await outcome(forge(header, CLAIMS, ''))).toBe('invalid_credential');
      expect(await outcome(forge(header, CLAIMS, new Uint8Array(1)))).toBe('invalid_credential');
    },
  );

  it('a token has the scopes that it names, and unknown ones count for nothing', async () => {
    const ask = async (scope: string) => {
      const api = withCredential(app, hs256({ ...CLAIMS, scope, projects: '*' }));
      const { code } = (await api.get('/tasks/next?project=p')).body;
      return code;
    };
    expect(await ask('openid read email')).toBe('database_unavailable');
    expect(await ask('write admin')).toBe('insufficient_scope');
    expect(await ask('reading readonly READ')).toBe('insufficient_scope');
    expect(await ask('')).toBe('insufficient_scope');
  });

  it('a token has the projects that it names, or none', async () => {
    const ask = async (projects: unknown) => {
      const api = withCredential(app, hs256({ ...CLAIMS, projects }));
      return (await api.get('/tasks/next?project=p')).body.code;
    };
    expect(await ask(['o', 'p'])).toBe('database_unavailable');
    expect(await ask('*')).toBe('database_unavailable');
    for (const others of [['o'], [], undefined]) expect(await ask(others)).toBe('project_forbidden');
  });
});

describe('the reason why a token is refused', () => {
  const tokens = { secret: SECRET, issuer: 'https://id.example', audience: 'tasks' };
  const app = appUnderTest({ access: accessBy({ keys: [], tokens }) });
  const GOOD = { ...CLAIMS, iss: 'https://id.example', aud: 'tasks' };

  it.each<[string, string, string]>([
    ['that expired', hs256({ ...GOOD, exp: SECONDS - 60 }), 'expired'],
    ['that begins later', hs256({ ...GOOD, nbf: SECONDS + 60 }), 'not_yet_valid'],
    ['that lives too long', hs256({ ...GOOD, exp: SECONDS + YEAR + 6 }), 'lifetime'],
    ['that never expires', hs256({ ...GOOD, exp: undefined }), 'claims'],
    ['that begins some day', hs256({ ...GOOD, nbf: 'tomorrow' }), 'claims'],
    ['of what is no project', hs256({ ...GOOD, projects: ['a b'] }), 'claims'],
    ['of a list of scopes', hs256({ ...GOOD, scope: ['read'] }), 'claims'],
    ['of another issuer', hs256({ ...GOOD, iss: 'https://id.example.evil' }), 'issuer'],
    ['of no issuer', hs256({ ...GOOD, iss: undefined }), 'issuer'],
    ['for somebody else', hs256({ ...GOOD, aud: 'tasks2' }), 'audience'],
    ['for nobody', hs256({ ...GOOD, aud: undefined }), 'audience'],
    ['of another secret', forge({ alg: 'HS256' }, GOOD, 'another secret of 32 bytes, or more'), 'signature'],
    ['of another algorithm', forge({ alg: 'RS256' }, GOOD, SECRET), 'unsupported_algorithm'],
    [
      'with a critical header',
      forge({ alg: 'HS256', crit: ['x'], x: 1 }, GOOD, SECRET),
      'unsupported_header',
    ],
    ['of no algorithm', forge({}, GOOD, SECRET), 'malformed'],
    ['of no JSON', 'AAAA.AAAA.AAAA', 'malformed'],
    ['that is none', 'no-token', 'unknown_key'],
  ])('is in the log and not in the answer: a token %s', async (_, token, problem) => {
    const { body } = await withCredential(app, token).get('/nowhere');
    expect(app.log.at(-1)?.credential_problem).toBe(problem);
    const { request_id } = body;
    expect(body).toEqual({
      success: false,
      error: 'Invalid API key',
      code: 'invalid_credential',
      request_id,
    });
  });

  it('is not there for a token that is good', async () => {
    expect(await outcomeOf(app, hs256(GOOD))).toBe('jwt:agent-7');
    expect(app.log.at(-1)).not.toHaveProperty('credential_problem');
  });
});

describe('a token that was seen before', () => {
  it('a remembered token ends when it says', async () => {
    let now = NOW;
    const access = accessBy({ keys: [], tokens: { secret: SECRET } }, { wallClock: () => now });
    const app = appUnderTest({ access });
    const token = hs256({ ...CLAIMS, nbf: SECONDS });
    const outcomes: unknown[] = [];
    for (const after of [0, 64_999, 65_000, -5_000, -5_001]) {
      now = NOW + after;
      outcomes.push(await outcomeOf(app, token));
    }
    expect(outcomes).toEqual([
      'jwt:agent-7',
      'jwt:agent-7',
      'invalid_credential',
      'jwt:agent-7',
      'invalid_credential',
    ]);
  });

  it('a remembered token is refused while it lives longer than a year', async () => {
    let now = NOW;
    const access = accessBy({ keys: [], tokens: { secret: SECRET } }, { wallClock: () => now });
    const app = appUnderTest({ access });
    const token = hs256({ ...CLAIMS, exp: SECONDS + YEAR });
    const outcomes: unknown[] = [];
    for (const after of [0, -5_000, -6_000]) {
      now = NOW + after;
      outcomes.push(await outcomeOf(app, token));
    }
    expect(outcomes).toEqual(['jwt:agent-7', 'jwt:agent-7', 'invalid_credential']);
  });
});

describe('the leeway for the times of a token', () => {
  it.each([0, 300])('the leeway may be %i seconds', async (leewaySeconds) => {
    const app = appUnderTest({ access: accessBy({ keys: [], tokens: { secret: SECRET, leewaySeconds } }) });
    const outcome = (claims: object) => outcomeOf(app, hs256({ ...CLAIMS, ...claims }));
    expect(await outcome({ exp: SECONDS - leewaySeconds + 1 })).toBe('jwt:agent-7');
    expect(await outcome({ exp: SECONDS - leewaySeconds })).toBe('invalid_credential');
    expect(await outcome({ nbf: SECONDS + leewaySeconds })).toBe('jwt:agent-7');
    expect(await outcome({ nbf: SECONDS + leewaySeconds + 1 })).toBe('invalid_credential');
  });
});

describe('the issuer and audience of a token', () => {
  const tokens = { secret: SECRET, issuer: 'https://id.example', audience: 'tasks' };
  const app = appUnderTest({ access: accessBy({ keys: [], tokens }) });

  it.each<[JWTPayload, string]>([
    [{ iss: 'https://id.example', aud: 'tasks' }, 'jwt:agent-7'],
    [{ iss: 'https://id.example', aud: ['other', 'tasks'] }, 'jwt:agent-7'],
    [{ iss: 'https://id.example' }, 'invalid_credential'],
    [{ aud: 'tasks' }, 'invalid_credential'],
    [{ iss: 'https://id.example.evil', aud: 'tasks' }, 'invalid_credential'],
    [{ iss: 'https://id.example', aud: 'tasks2' }, 'invalid_credential'],
  ])('the issuer and audience are checked where configured: %j', async (claims, outcome) => {
    expect(await outcomeOf(app, hs256({ ...CLAIMS, ...claims }))).toBe(outcome);
  });
});

describe('a token of a key set', () => {
  const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
  const URL = 'https://id.example/jwks';
  const pairs = new Map<string, { privateKey: CryptoKey; publicKey: CryptoKey }>();
  let set: string;
  let app: AppUnderTest;

  beforeAll(async () => {
    const keys: object[] = [];
    for (const alg of ALGORITHMS) {
      const pair = await generateKeyPair(alg, { extractable: true });
      pairs.set(alg, pair);
      keys.push({ ...(await exportJWK(pair.publicKey)), kid: alg, use: 'sig' });
    }
    set = JSON.stringify({ keys });
    const fetch = () => Promise.resolve(new Response(set));
    app = appUnderTest({ access: accessBy({ keys: [], tokens: { jwksUrl: URL } }, { fetch }) });
  });

  const sign = (alg: string, header: object = {}, key = pairs.get(alg)?.privateKey) => {
    if (key === undefined) throw new Error(`No key for ${alg}`);
    return new SignJWT(CLAIMS).setProtectedHeader({ alg, kid: alg, ...header }).sign(key);
  };

  it.each(ALGORITHMS)('a token signed with %s lets its subject in', async (alg) => {
    expect(await outcomeOf(app, await sign(alg))).toBe('jwt:agent-7');
  });

  it('a token signed with the public key as a secret is refused, even beside a real secret', async () => {
    const publicKey = pairs.get('RS256')?.publicKey;
    if (publicKey === undefined) throw new Error('No key for RS256');
    const fetch = () => Promise.resolve(new Response(set));
    const tokens = { jwksUrl: URL, secret: SECRET };
    const both = appUnderTest({ access: accessBy({ keys: [], tokens }, { fetch }) });
    const pem = await exportSPKI(publicKey);
    const jwk = JSON.stringify(await exportJWK(publicKey));
    for (const secret of [pem, pem.trim(), pem.replaceAll('\n', ''), jwk]) {
      const forged = forge({ alg: 'HS256', kid: 'RS256' }, CLAIMS, secret);
      for (const service of [app, both]) expect(await outcomeOf(service, forged)).toBe('invalid_credential');
    }
    expect(await outcomeOf(both, hs256(CLAIMS))).toBe('jwt:agent-7');
    expect(await outcomeOf(both, await sign('ES256'))).toBe('jwt:agent-7');
  });

  it('a token in another algorithm for the same kind of key is refused', async () => {
    const jwk = await crypto.subtle.exportKey('jwk', pairs.get('RS256')?.privateKey as CryptoKey);
    const { alg: _, ...material } = jwk as JsonWebKey;
    for (const [alg, name] of [
      ['RS512', 'RSASSA-PKCS1-v1_5'],
      ['PS256', 'RSA-PSS'],
    ] as const) {
      const hash = alg === 'RS512' ? 'SHA-512' : 'SHA-256';
      const parameters = { name, hash };
      const key = await crypto.subtle.importKey(
        'jwk',
        { ...material, key_ops: ['sign'] },
        parameters,
        false,
        ['sign'],
      );
      expect(await outcomeOf(app, await sign(alg, { kid: 'RS256' }, key))).toBe('invalid_credential');
    }
  });

  it('is refused for a reason that the log has, where its key is missing or one of several', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const fetch = () => Promise.resolve(Response.json({ keys: [jwk, jwk] }));
    const twice = appUnderTest({ access: accessBy({ keys: [], tokens: { jwksUrl: URL } }, { fetch }) });
    const problems: unknown[] = [];
    for (const kid of ['nobody', undefined]) {
      expect(await outcomeOf(twice, await sign('ES256', { kid }))).toBe('invalid_credential');
      problems.push(twice.log.at(-1)?.credential_problem);
    }
    expect(problems).toEqual(['unknown_signing_key', 'ambiguous_signing_key']);
  });

  it('is refused, and the log says so, where its key is too weak to be used', async () => {
    const weak = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 1024,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      true,
      ['sign', 'verify'],
    );
    const { publicKey, privateKey } = weak as CryptoKeyPair;
    const jwk = await exportJWK(publicKey);
    const fetch = () => Promise.resolve(Response.json({ keys: [jwk] }));
    const app = appUnderTest({ access: accessBy({ keys: [], tokens: { jwksUrl: URL } }, { fetch }) });
    const [header, claims] = [base64url({ alg: 'RS256' }), base64url(CLAIMS)];
    const signed = new TextEncoder().encode(`${header}.${claims}`);
    const signature = Buffer.from(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, signed));
    const token = `${header}.${claims}.${signature.toString('base64url')}`;
    expect(await outcomeOf(app, token)).toBe('invalid_credential');
    expect(app.log.at(-1)?.credential_problem).toBe('unusable_signing_key');
  });

  it.each(['nobody', '../RS256', 'RS256\u0000', '', 'ES256'])(
    'a token that names another key is refused: %j',
    async (kid) => {
      expect(await outcomeOf(app, await sign('RS256', { kid }))).toBe('invalid_credential');
    },
  );

  it('a token that brings a key of its own is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const header = { kid: 'ES256', jwk, jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x' };
    expect(await outcomeOf(app, await sign('ES256', header, privateKey))).toBe('invalid_credential');
  });
});
