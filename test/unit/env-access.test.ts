import { describe, expect, it } from 'vitest';
import { createApiKey, hashOf, isMistypedKey } from '../../src/auth/api-key.ts';
import { parseAccess as parseAccessBy } from '../../src/config/access.ts';

const parseAccess = (env: unknown) => parseAccessBy(env, { hashOf, isMistypedKey });
const KEY = createApiKey();
const ENTRY = {
  name: 'mcp',
  sha256: hashOf(KEY).toString('hex'),
  projects: ['p'],
  scopes: ['read', 'write'],
};
const entries = (...changes: object[]) => ({
  API_KEYS: JSON.stringify(changes.map((change) => ({ ...ENTRY, ...change }))),
});
const SECRET = 'a secret of no less than 32 bytes';

describe('the configuration of access', () => {
  it.each([
    ['nothing at all', {}, 'none'],
    ['empty variables', { API_KEY: '', API_KEYS: '', JWT_SECRET: '', ALLOW_ANONYMOUS: '' }, 'none'],
    ['anonymous callers refused', { ALLOW_ANONYMOUS: 'false' }, 'none'],
    ['anonymous callers allowed', { ALLOW_ANONYMOUS: 'true' }, 'anonymous'],
    ['one key', { API_KEY: KEY }, 'credentials'],
    ['a list of keys', entries({}), 'credentials'],
    ['no keys in the list', { API_KEYS: '[]' }, 'none'],
    ['a secret for tokens', { JWT_SECRET: SECRET }, 'credentials'],
    ['a key set for tokens', { JWT_JWKS_URL: 'https://id.example/jwks' }, 'credentials'],
    ['an issuer without keys', { JWT_ISSUER: 'x', JWT_AUDIENCE: 'y' }, 'none'],
    ['a key, and anonymous callers allowed', { API_KEY: KEY, ALLOW_ANONYMOUS: 'true' }, 'credentials'],
  ])('the access with %s is %3$s', (_, env, kind) => {
    expect(parseAccess(env)).toMatchObject({ ok: true, access: { kind } });
  });

  it('a deployed Worker allows no anonymous callers', () => {
    const deployed = { ALLOW_ANONYMOUS: 'true', CF_VERSION_METADATA: { id: 'x', tag: '', timestamp: '' } };
    expect(parseAccess(deployed)).toEqual({ ok: true, access: { kind: 'none' } });
    const local = { ALLOW_ANONYMOUS: 'true', CF_VERSION_METADATA: 'local' };
    expect(parseAccess(local)).toEqual({ ok: true, access: { kind: 'anonymous' } });
  });

  it('the one key has access to everything, those of the list to what they say', () => {
    const several = entries({}, { name: 'all', sha256: 'A'.repeat(64), projects: '*', scopes: ['admin'] });
    expect(parseAccess({ ...several, API_KEY: 'a-plain-key' })).toMatchObject({
      access: {
        credentials: {
          keys: [
            { caller: { name: 'mcp', projects: ['p'], scopes: ['read', 'write'] }, hash: hashOf(KEY) },
            { caller: { name: 'all', projects: '*', scopes: ['admin'] }, hash: Buffer.alloc(32, 0xaa) },
            { caller: { name: 'API_KEY', projects: '*' }, hash: hashOf('a-plain-key') },
          ],
        },
      },
    });
  });

  it('every setting of tokens is taken', () => {
    const env = {
      JWT_SECRET: SECRET,
      JWT_JWKS_URL: 'http://127.0.0.1:1/jwks',
      JWT_ISSUER: 'i',
      JWT_AUDIENCE: 'a',
      JWT_LEEWAY_SECONDS: '300',
    };
    expect(parseAccess(env)).toMatchObject({
      access: {
        credentials: {
          keys: [],
          tokens: {
            secret: new TextEncoder().encode(SECRET),
            jwksUrl: env.JWT_JWKS_URL,
            issuer: 'i',
            audience: 'a',
            leewaySeconds: 300,
          },
        },
      },
    });
  });

  it.each([
    ['a list that is no JSON', { API_KEYS: 'hunter2' }, 'set API_KEYS to a JSON list'],
    ['an entry by itself', { API_KEYS: JSON.stringify(ENTRY) }, 'set API_KEYS to a JSON list'],
    ['a name with a space', entries({}, { name: 'hunter2 x' }), 'correct entry 2 of API_KEYS: name must be'],
    [
      'a key in the place of its hash',
      entries({ sha256: 'hunter2' }),
      'sha256 must be 64 hexadecimal digits',
    ],
    ['no projects', entries({ projects: [] }), 'projects must be "*" or a list'],
    ['a project of another form', entries({ projects: ['hunter2 '] }), 'projects must be "*" or a list'],
    ['a star in the list', entries({ projects: ['*'] }), 'projects must be "*" or a list'],
    ['an unknown scope', entries({ scopes: ['hunter2'] }), 'scopes must be a list of read, write, admin'],
    ['no scopes', entries({ scopes: [] }), 'scopes must be a list of read, write, admin'],
    ['a field too many', entries({ hunter2: 1 }), 'correct entry 1 of API_KEYS: it must have name, sha256'],
    ['an entry that is none', { API_KEYS: '["hunter2"]' }, 'correct entry 1 of API_KEYS'],
    ['one key twice', entries({}, { name: 'other' }), 'two entries have the same sha256'],
    ['one name twice', entries({}, { sha256: 'A'.repeat(64) }), 'each entry needs a name of its own'],
    ['the name API_KEY', entries({ name: 'API_KEY' }), 'each entry needs a name of its own'],
    ['the name anonymous', entries({ name: 'anonymous' }), 'each entry needs a name of its own'],
    ['the name jwt', entries({ name: 'jwt' }), 'each entry needs a name of its own'],
    ['a key that no header can carry', { API_KEY: 'hunter2 hunter2' }, 'set API_KEY to at least 8'],
    ['a key that is too short', { API_KEY: 'hunter2' }, 'set API_KEY to at least 8'],
    [
      'a key with a wrong checksum',
      { API_KEY: `${KEY.slice(0, -1)}!`.replace('!', KEY.endsWith('0') ? '1' : '0') },
      'copy API_KEY again',
    ],
    ['a secret of 31 bytes', { JWT_SECRET: 'hunter2'.padEnd(31) }, 'set JWT_SECRET to at least 32 bytes'],
    ['a key set in the clear', { JWT_JWKS_URL: 'http://hunter2.example' }, 'set JWT_JWKS_URL to an https://'],
    ['a key set nowhere', { JWT_JWKS_URL: 'hunter2' }, 'set JWT_JWKS_URL to an https://'],
    ['a leeway of more than five minutes', { JWT_LEEWAY_SECONDS: '301' }, 'a whole number from 0 to 300'],
    ['a negative leeway', { JWT_LEEWAY_SECONDS: '-1' }, 'set JWT_LEEWAY_SECONDS to a whole number'],
    ['half a second of leeway', { JWT_LEEWAY_SECONDS: '0.5' }, 'set JWT_LEEWAY_SECONDS to a whole number'],
    ['a word for the leeway', { JWT_LEEWAY_SECONDS: 'hunter2' }, 'set JWT_LEEWAY_SECONDS to a whole number'],
    ['a word for ALLOW_ANONYMOUS', { ALLOW_ANONYMOUS: 'hunter2' }, 'set ALLOW_ANONYMOUS to true or false'],
  ])('the access with %s is refused, and the value is not repeated', (_, env, remedy) => {
    const parsed = parseAccess(env);
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(remedy) });
    expect(JSON.stringify(parsed)).not.toMatch(/hunter2|ttk_/);
  });

  it.each([
    [undefined, 5],
    ['', 5],
    ['0', 0],
    ['300', 300],
  ])('the leeway %j is taken as %i seconds', (JWT_LEEWAY_SECONDS, leewaySeconds) => {
    expect(parseAccess({ JWT_SECRET: SECRET, JWT_LEEWAY_SECONDS })).toMatchObject({
      access: { credentials: { tokens: { leewaySeconds } } },
    });
  });

  it('a secret of 32 bytes and a key of 8 characters are long enough', () => {
    const env = { JWT_SECRET: 'x'.repeat(32), API_KEY: 'a-._~+/=' };
    expect(parseAccess(env)).toMatchObject({ access: { kind: 'credentials' } });
  });
});
