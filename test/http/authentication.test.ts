import { describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { refusal } from '../../src/domain/errors/index.ts';
import { LONGEST_CREDENTIAL } from '../../src/http/limits.ts';
import { appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';

const { keys, access } = keysFor({
  agent: { projects: ['alpha'], scopes: ['read', 'write'] },
  reader: { projects: '*', scopes: ['read'] },
  writer: { projects: '*', scopes: ['write'] },
});
const app = appUnderTest({ access });
const asking = (authorization: string, path = '/tasks/next?project=alpha') =>
  app.get(path, { headers: { authorization } });

const MALFORMED = 'Invalid Authorization header format. Expected: Bearer <API_KEY>';

describe('a request without a credential', () => {
  it.each([
    '/tasks/next?project=alpha',
    '/tasks',
    '/tasks/batch',
    '/nowhere',
    '/',
    '/metrics',
    '/openapi.json/',
  ])('a request to %s without a credential is refused, known path or not', async (path) => {
    const { status, headers, body } = await app.get(path);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({
      success: false,
      error: 'Missing Authorization header',
      code: 'missing_credential',
      request_id: headers.get('x-request-id'),
    });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])(
    'a request with %s without a credential is refused',
    async (method) => {
      expect((await app.get('/tasks/batch', { method })).status).toBe(401);
    },
  );

  it('a HEAD request without a credential is refused in headers only', async () => {
    const response = await app.send('/tasks?project=alpha', { method: 'HEAD' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('a missing credential is refused before the body is read', async () => {
    const body = 'x'.repeat(2 * 1024 * 1024);
    expect((await app.get('/tasks/batch', { method: 'POST', body })).status).toBe(401);
  });

  it('a stranger may read the description', async () => {
    expect((await app.get('/openapi.json')).status).toBe(200);
  });

  it.each(['?api_key=KEY', '?access_token=KEY', '?key=KEY'])(
    'a key in the query lets nobody in: %s',
    async (query) => {
      const path = `/tasks/next${query.replace('KEY', keys.reader)}&project=alpha`;
      expect((await app.get(path)).status).toBe(401);
    },
  );

  it.each(['x-api-key', 'proxy-authorization', 'x-forwarded-authorization', 'cookie', 'x-authorization'])(
    'a key in the header %s lets nobody in',
    async (name) => {
      const headers = { [name]: `Bearer ${keys.reader}` };
      expect((await app.get('/tasks/next?project=alpha', { headers })).status).toBe(401);
    },
  );

  it.each([
    'x-original-url',
    'x-rewrite-url',
    'x-http-method-override',
    'x-forwarded-host',
    'cf-connecting-ip',
  ])('the header %s lets nobody in', async (name) => {
    const headers = { [name]: '/openapi.json' };
    expect((await app.get('/tasks/next?project=alpha', { headers })).status).toBe(401);
  });

  it.each([
    '//openapi.json',
    '/openapi.json/../tasks?project=alpha',
    '/tasks?project=alpha#/openapi.json',
    '/openapi.json;x',
    '/OPENAPI.JSON',
    '/openapi.json%00',
    '/health/../tasks?project=alpha',
    '/tasks/%6eext?project=alpha',
  ])('the path %s leads nobody around the check', async (path) => {
    expect((await app.get(path)).status).toBe(401);
  });
});

describe('a header Authorization', () => {
  it.each([
    '',
    'Bearer',
    'Bearer ',
    keys.reader,
    `Basic ${btoa(`user:${keys.reader}`)}`,
    `Token ${keys.reader}`,
    `Bearer: ${keys.reader}`,
    `Bearer ${keys.reader} x`,
    `Bearer ${keys.reader}, Bearer ${keys.reader}`,
    `Bearer "${keys.reader}"`,
    `Bearer\t${keys.reader}`,
    `Bearer ${keys.reader}=x`,
    `BearerBearer ${keys.reader}`,
  ])('the header %j is malformed', async (authorization) => {
    const { status, headers, body } = await asking(authorization);
    expect([status, body.code, body.error]).toEqual([401, 'malformed_credential', MALFORMED]);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    'wrong',
    'undefined',
    keys.reader.slice(0, -1),
    `${keys.reader}x`,
    keys.reader.toUpperCase(),
    createApiKey(),
    'x'.repeat(LONGEST_CREDENTIAL),
    'x'.repeat(LONGEST_CREDENTIAL + 1),
    'x'.repeat(16_000),
  ])('an unknown credential is refused: %j', async (credential) => {
    const { status, headers, body } = await asking(`Bearer ${credential}`);
    expect([status, body.code, body.error]).toEqual([401, 'invalid_credential', 'Invalid API key']);
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('a key after %j is good', async (scheme) => {
    // There is no database here: that it is missed shows that the key was taken.
    expect((await asking(`${scheme} ${keys.reader}`)).body.code).toBe('database_unavailable');
  });

  it('each of several keys is good', async () => {
    for (const key of [keys.agent, keys.reader]) {
      expect((await asking(`Bearer ${key}`)).body.code).toBe('database_unavailable');
    }
  });

  it('a credential that is too long is not looked up', async () => {
    const presented: number[] = [];
    const authenticate = (credential: string) => {
      presented.push(credential.length);
      return { ok: true, caller: unrestricted('any') } as const;
    };
    const any = appUnderTest({ access: { kind: 'credentials', authenticate } });
    for (const length of [LONGEST_CREDENTIAL, LONGEST_CREDENTIAL + 1]) {
      await withCredential(any, 'x'.repeat(length)).get('/nowhere');
    }
    expect(presented).toEqual([LONGEST_CREDENTIAL]);
  });
});

describe('a caller that is known', () => {
  const known = withCredential(app, keys.reader);

  it('a known caller learns which paths and methods exist', async () => {
    expect((await known.get('/nowhere')).body.code).toBe('route_not_found');
    expect((await known.get('/tasks', { method: 'DELETE' })).body.code).toBe('method_not_allowed');
  });

  it.each([
    [keys.writer, 'read', (api: typeof app | typeof known) => api.get('/tasks/next?project=alpha')],
    [keys.writer, 'read', (api: typeof app | typeof known) => api.get('/tasks?project=alpha')],
    [keys.writer, 'read', (api: typeof app | typeof known) => api.get('/tasks/TASK-1?project=alpha')],
    [keys.reader, 'write', (api: typeof app | typeof known) => api.post('/tasks/batch', { tasks: [] })],
    [
      keys.reader,
      'write',
      (api: typeof app | typeof known) => api.move('alpha', 'TASK-1', { status: 'pending' }),
    ],
  ])('a caller is told which scope it lacks', async (key, scope, ask) => {
    const { status, headers, body } = await ask(withCredential(app, key));
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toBe(`Bearer error="insufficient_scope", scope="${scope}"`);
    expect(body).toMatchObject({
      code: 'insufficient_scope',
      error: `The credential lacks the scope ${scope}. Use one that has it`,
      details: { scope },
    });
  });
});

describe('a browser', () => {
  const listed = appUnderTest({ access, corsOrigins: ['https://agents.example'] });
  const headers = { origin: 'https://agents.example', 'access-control-request-method': 'GET' };

  it('a preflight needs no credential', async () => {
    const response = await listed.send('/tasks', { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('OPTIONS that is no preflight needs a credential', async () => {
    expect((await listed.send('/tasks', { method: 'OPTIONS' })).status).toBe(401);
    for (const name of ['origin', 'access-control-request-method']) {
      const headers = { [name]: name === 'origin' ? 'https://app.example.com' : 'GET' };
      expect((await listed.send('/tasks', { method: 'OPTIONS', headers })).status).toBe(401);
    }
  });

  it('a browser may read why it was refused', async () => {
    const refused = await listed.get('/tasks', { headers });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://agents.example');
  });
});

describe('a service without keys', () => {
  const SENTENCE = 'Authentication is not configured: set API_KEY, API_KEYS or JWT_SECRET';

  it('a service without keys refuses all but the open paths, whatever is presented', async () => {
    const closed = appUnderTest({
      access: { kind: 'closed', reason: refusal('authentication_not_configured', {}) },
    });
    for (const api of [closed, withCredential(closed, keys.reader)]) {
      const { status, body } = await api.get('/tasks/next?project=alpha');
      expect([status, body.code, body.error]).toEqual([500, 'not_configured', SENTENCE]);
    }
    expect((await closed.get('/openapi.json')).status).toBe(200);
  });

  it('a service that is configured wrongly says what to set', async () => {
    const closed = appUnderTest({
      access: { kind: 'closed', reason: refusal('not_configured', { problem: 'set JWT_SECRET' }) },
    });
    expect((await closed.get('/tasks')).body.error).toBe('The service is not configured: set JWT_SECRET');
  });

  it('anonymous access ends where Cloudflare passes the request on', async () => {
    const open = appUnderTest();
    expect((await open.get('/nowhere')).status).toBe(404);
    for (const ray of ['8f2b6e1c0d3a4b5c-FRA', '']) {
      const { status, body } = await open.get('/nowhere', { headers: { 'cf-ray': ray } });
      expect([status, body.error]).toEqual([500, SENTENCE]);
    }
  });
});

describe('the log', () => {
  it('the log names the caller on every line, and never the key', async () => {
    const watched = appUnderTest({ access });
    await withCredential(watched, keys.reader).get('/nowhere');
    await withCredential(watched, keys.reader).get('/tasks/next?project=alpha');
    await withCredential(watched, keys.reader).post('/tasks/batch', {});
    expect(watched.log.map(({ caller, status }) => [caller, status])).toEqual([
      ['reader', 404],
      ['reader', 500],
      ['reader', 403],
    ]);
    expect(JSON.stringify(watched.log)).not.toMatch(/ttk_|credential_prefix|client_address/);
  });

  it('the log shows how a refused credential began and where it came from', async () => {
    const watched = appUnderTest({ access });
    const from = { 'cf-connecting-ip': '203.0.113.7' };
    const mistyped = `${keys.reader}x`;
    for (const authorization of [`Bearer ${mistyped}`, 'Basic dXNlcjpzZWNyZXQ=', 'Bearer abc', 'abcd1234']) {
      await watched.get('/tasks', { headers: { authorization, ...from } });
    }
    await watched.get('/tasks', { headers: from });
    await watched.get('/tasks');
    const lines = watched.log.map(({ status, credential_prefix, client_address }) => [
      status,
      credential_prefix,
      client_address,
    ]);
    expect(lines).toEqual([
      [401, mistyped.slice(0, 8), '203.0.113.7'],
      [401, 'Basic dX', '203.0.113.7'],
      [401, 'a', '203.0.113.7'],
      [401, 'abcd', '203.0.113.7'],
      [401, undefined, '203.0.113.7'],
      [401, undefined, undefined],
    ]);
    expect(JSON.stringify(watched.log)).not.toContain(mistyped.slice(0, 9));
  });

  it.each([
    [`${keys.reader}x`, 'mistyped_key'],
    [createApiKey(), 'unknown_key'],
    ['some-other-secret', 'unknown_key'],
    ['e30.e30.AAAA', 'unknown_key'],
    ['x'.repeat(LONGEST_CREDENTIAL + 1), 'too_long'],
  ])(
    'the log says why a credential was refused, which the answer does not: %j',
    async (credential, problem) => {
      const watched = appUnderTest({ access });
      const { body } = await withCredential(watched, credential).get('/nowhere');
      expect(watched.log).toMatchObject([{ status: 401, credential_problem: problem }]);
      const { request_id } = body;
      expect(body).toEqual({
        success: false,
        error: 'Invalid API key',
        code: 'invalid_credential',
        request_id,
      });
    },
  );

  it('the log tells of no problem where there was no credential to look at', async () => {
    const watched = appUnderTest({ access });
    for (const authorization of ['', 'Basic dXNlcjpzZWNyZXQ=']) {
      await watched.get('/nowhere', { headers: { authorization } });
    }
    await watched.get('/nowhere');
    await withCredential(watched, keys.reader).get('/nowhere');
    expect(watched.log.filter((line) => 'credential_problem' in line)).toEqual([]);
  });

  it('the log cuts an address that is too long', async () => {
    const watched = appUnderTest({ access });
    await watched.get('/tasks', { headers: { 'cf-connecting-ip': 'x'.repeat(500) } });
    expect(watched.log[0]?.client_address).toHaveLength(45);
  });
});
