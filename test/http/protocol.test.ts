import { describe, expect, it } from 'vitest';
import { BODY_LIMIT_BYTES, UNREAD_BODY } from '../../src/http/limits.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import { appUnderTest } from '../support/app.ts';

const app = appUnderTest();
const JSON_HEADERS = { 'content-type': 'application/json' };

/** The methods of a task by itself: those that the table has, GET with HEAD. */
const OF_A_TASK = [
  ...ROUTES.filter(({ path }) => path === '/tasks/{task_id}').flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  ),
  'OPTIONS',
].join(', ');

describe('routing', () => {
  it.each(['/', '/task', '/tasks/', '/tasks/TASK-1/status/x', '/favicon.ico'])(
    'the unknown path %s is refused',
    async (path) => {
      const { status, body } = await app.get(path);
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'route_not_found', error: expect.stringContaining(`GET ${path}`) });
    },
  );

  it.each([
    ['DELETE', '/tasks', 'GET, HEAD, OPTIONS'],
    ['POST', '/tasks/next', 'GET, HEAD, OPTIONS'],
    ['PUT', '/ids/next', 'GET, POST, OPTIONS'],
    ['DELETE', '/tasks/next', 'GET, HEAD, OPTIONS'],
    ['GET', '/tasks/batch', 'POST, OPTIONS'],
    ['DELETE', '/tasks/batch', 'POST, OPTIONS'],
    ['DELETE', '/tasks/claim', 'POST, OPTIONS'],
    ['POST', '/tasks/TASK-1', OF_A_TASK],
    ['GET', '/tasks/TASK-1/status', 'PUT, OPTIONS'],
    ['PATCH', '/tasks/TASK-1/status', 'PUT, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('%s %s is refused with the methods that are allowed', async (method, path, allow) => {
    const { status, headers, body } = await app.get(path, { method, headers: JSON_HEADERS });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    const allowed = allow.split(', ');
    expect(body).toMatchObject({
      code: 'method_not_allowed',
      error: `${method} is not allowed on ${path}. Use ${allowed.slice(0, -1).join(' or ')}`,
      details: { allowed },
    });
  });

  it.each([
    ['POST', '/tasks', 405],
    ['PUT', '/tasks/batch', 405],
    ['POST', '/openapi.json', 405],
    ['POST', '/nowhere', 404],
  ])('%s %s is refused as %i, whatever its body', async (method, path, status) => {
    expect((await app.get(path, { method })).status).toBe(status);
    expect((await app.get(path, { method, body: 'x'.repeat(BODY_LIMIT_BYTES + 1) })).status).toBe(status);
  });

  it.each([
    ['/tasks/TASK-1/status', {}, 405],
    ['/tasks/TASK-1/status', { 'idempotency-key': 'key-1' }, 405],
    ['/tasks/TASK-1/more/of/it', { 'idempotency-key': 'key-1' }, 404],
  ])(
    'a body that no route takes is dropped, and no more of it than the bound: %s %j',
    async (path, headers, status) => {
      const piece = new TextEncoder().encode(' '.repeat(100_000));
      let pieces = 0;
      const body = new ReadableStream({
        pull(controller) {
          pieces += 1;
          controller.enqueue(piece);
        },
      });
      const answer = await app.get(path, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body });
      expect(answer.status).toBe(status);
      const bound = Math.ceil(UNREAD_BODY.bytes / piece.length);
      expect(pieces).toBeGreaterThanOrEqual(bound);
      // The stream fetches one piece ahead.
      expect(pieces).toBeLessThanOrEqual(bound + 1);
    },
  );

  it.each([
    ['/tasks', 'GET, HEAD, OPTIONS'],
    ['/tasks/next', 'GET, HEAD, OPTIONS'],
    ['/tasks/batch', 'POST, OPTIONS'],
    ['/tasks/claim', 'POST, OPTIONS'],
    ['/tasks/TASK-1', OF_A_TASK],
    ['/tasks/TASK-1/status', 'PUT, OPTIONS'],
    ['/tasks/TASK-1/heartbeat', 'POST, OPTIONS'],
    ['/tasks/TASK-1/release', 'POST, OPTIONS'],
    ['/health', 'GET, HEAD, OPTIONS'],
    ['/ready?x=1', 'GET, HEAD, OPTIONS'],
    ['/metrics', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('OPTIONS tells the methods of %s', async (path, allow) => {
    // With origins that may call from a browser and without, as it is no preflight.
    for (const corsOrigins of [[], ['*']]) {
      const response = await appUnderTest({ corsOrigins }).send(path, { method: 'OPTIONS' });
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(response.headers.get('allow')).toBe(allow);
      expect(response.headers.get('content-type')).toBeNull();
      expect(response.headers.get('access-control-allow-methods')).toBeNull();
    }
  });

  it('OPTIONS tells no methods of an unknown path', async () => {
    const { status, headers } = await app.get('/nowhere', { method: 'OPTIONS' });
    expect(status).toBe(404);
    expect(headers.has('allow')).toBe(false);
  });

  it('HEAD is answered like GET without the body', async () => {
    const response = await app.send('/openapi.json', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('the body', () => {
  it('a body may have 1 MiB and not a byte more', async () => {
    const atLimit = `"${'x'.repeat(BODY_LIMIT_BYTES - 2)}"`;
    expect((await app.post('/tasks/batch', atLimit)).status).toBe(400);
    const answer = await app.post('/tasks/batch', `${atLimit} `);
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({
      code: 'payload_too_large',
      details: { limit_bytes: BODY_LIMIT_BYTES },
    });
  });

  it('a body in pieces may not exceed the bound either', async () => {
    const piece = new TextEncoder().encode(' '.repeat(100_000));
    let pieces = 11;
    const body = new ReadableStream({
      pull(controller) {
        pieces -= 1;
        return pieces < 0 ? controller.close() : controller.enqueue(piece);
      },
    });
    const answer = await app.get('/tasks/batch', { method: 'POST', headers: JSON_HEADERS, body });
    expect(answer.status).toBe(413);
  });

  it.each([
    ['in pieces', JSON_HEADERS],
    ['of a given length', { ...JSON_HEADERS, 'content-length': '100' }],
  ])('a body %s that breaks off is refused as malformed', async (_, headers) => {
    const start = new TextEncoder().encode('{"tasks":');
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(start),
      pull: (controller) => controller.error(new Error('Network connection lost.')),
    });
    const answer = await app.get('/tasks/batch', { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'malformed_json',
      error: 'The request body did not arrive whole. Send it again',
    });
  });
});

describe('CORS', () => {
  const ORIGIN = 'https://agents.example';
  const preflight = (from: ReturnType<typeof appUnderTest>, origin: string) =>
    from.send('/tasks/batch', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('a preflight confirms no origin unless it is listed', async () => {
    expect((await preflight(app, ORIGIN)).headers.get('access-control-allow-origin')).toBeNull();
    const listed = appUnderTest({ corsOrigins: [ORIGIN] });
    expect(
      (await preflight(listed, 'https://evil.example')).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  it('a preflight of a listed origin is answered with methods and headers', async () => {
    const { status, headers } = await preflight(appUnderTest({ corsOrigins: [ORIGIN] }), ORIGIN);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST,PUT,PATCH,DELETE');
    expect(headers.get('access-control-allow-headers')).toBe(
      'Authorization,Content-Type,Idempotency-Key,If-Match,MCP-Method,MCP-Name,MCP-Protocol-Version,X-Request-Id',
    );
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(headers.get('allow')).toBe('POST, OPTIONS');
    expect(headers.get('vary')).toContain('Origin');
  });

  it('a listed origin may read every answer, errors included', async () => {
    const listed = appUnderTest({ corsOrigins: [ORIGIN] });
    const { headers } = await listed.get('/tasks/next', { headers: { origin: ORIGIN } });
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-expose-headers')).toBe(
      'Accept-Encoding,Allow,ETag,Idempotency-Replayed,Retry-After,Server-Timing,WWW-Authenticate,X-Request-Id',
    );
  });

  it('the origin * lets every origin in', async () => {
    const open = appUnderTest({ corsOrigins: ['*'] });
    const { headers } = await open.get('/openapi.json', { headers: { origin: ORIGIN } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });
});
