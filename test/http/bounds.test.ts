import { describe, expect, it } from 'vitest';
import {
  BODY_LIMIT_BYTES,
  HEADER_LIMIT,
  HEADERS_LIMIT_BYTES,
  JSON_DEPTH_LIMIT,
  URL_LIMIT_BYTES,
} from '../../src/http/limits.ts';
import { newTask } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();

describe('the URL', () => {
  const url = (length: number) => {
    const start = '/openapi.json?x=';
    return start + 'x'.repeat(length - 'http://service.test'.length - start.length);
  };

  it('a URL may have 8,000 bytes and not one more', async () => {
    expect((await app.get(url(URL_LIMIT_BYTES))).status).toBe(200);
    const { status, body } = await app.get(url(URL_LIMIT_BYTES + 1));
    expect(status).toBe(414);
    expect(body).toMatchObject({ code: 'uri_too_long', details: { limit_bytes: 8_000 } });
  });

  it.each(['/nowhere', '/tasks', '/tasks/TASK-1/status', '/tasks/batch'])(
    'the URL is bounded on %s for every method',
    async (path) => {
      const long = `${path}?project=${'p'.repeat(URL_LIMIT_BYTES)}`;
      for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
        expect((await app.get(long, { method })).status).toBe(414);
      }
    },
  );

  it('a URL is measured as it was sent, percent-encoded', async () => {
    expect((await app.get(`/nowhere?x=${'%20'.repeat(2_600)}`)).status).toBe(404);
    expect((await app.get(`/nowhere?x=${'%20'.repeat(2_700)}`)).status).toBe(414);
  });
});

describe('the header fields', () => {
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1']));

  it('a request may have 100 header fields and not one more', async () => {
    expect((await app.get('/openapi.json', { headers: fields(HEADER_LIMIT) })).status).toBe(200);
    const { status, body } = await app.get('/openapi.json', { headers: fields(HEADER_LIMIT + 1) });
    expect(status).toBe(431);
    expect(body).toMatchObject({
      code: 'headers_too_large',
      details: { limit: 100, limit_bytes: HEADERS_LIMIT_BYTES },
    });
  });

  it('the header fields may have 16 KiB and not a byte more', async () => {
    const sized = (bytes: number) => ({ 'x-a': 'x'.repeat(8_000), 'x-b': 'x'.repeat(bytes - 8_006) });
    expect((await app.get('/openapi.json', { headers: sized(HEADERS_LIMIT_BYTES) })).status).toBe(200);
    expect((await app.get('/openapi.json', { headers: sized(HEADERS_LIMIT_BYTES + 1) })).status).toBe(431);
  });
});

describe('the size of a body', () => {
  const padded = (bytes: number) => `{"x":1}${' '.repeat(bytes - 7)}`;
  const inPieces = (text: string) => new Blob([text]).stream();

  it.each([
    ['of a known length', (text: string) => text, true],
    ['in pieces', inPieces, false],
    ['in pieces that names a length', inPieces, true],
  ])('a body %s may have 1 MiB and not a byte more', async (_, bodyOf, isMeasured) => {
    const post = (bytes: number) =>
      app.get('/tasks/batch', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(isMeasured ? { 'content-length': String(bytes) } : {}),
        },
        body: bodyOf(padded(bytes)),
      });
    for (const bytes of [7, BODY_LIMIT_BYTES]) {
      expect((await post(bytes)).body.error).toContain('Unknown field: x');
    }
    const { status, body } = await post(BODY_LIMIT_BYTES + 1);
    expect([status, body.code, body.details]).toEqual([
      413,
      'payload_too_large',
      { limit_bytes: BODY_LIMIT_BYTES },
    ]);
  });
});

describe('the bounds', () => {
  it('the bounds are checked before the credential', async () => {
    const authenticate = () => {
      throw new Error('not asked');
    };
    const closed = appUnderTest({ access: { kind: 'credentials', authenticate } });
    const headers = { authorization: `Bearer ${'x'.repeat(60_000)}` };
    expect((await closed.get('/tasks', { headers })).status).toBe(431);
    expect((await closed.get(`/tasks?x=${'x'.repeat(URL_LIMIT_BYTES)}`)).status).toBe(414);
  });
});

describe('the nesting of a body', () => {
  const nested = (depth: number) => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

  it.each(['/tasks/batch', '/tasks/TASK-1/status'])('a body on %s nests 32 deep at most', async (path) => {
    const send = path === '/tasks/batch' ? app.post : app.put;
    const within = await send(path, nested(JSON_DEPTH_LIMIT));
    expect(within.body.error).toContain('Unknown field: x');
    const past = await send(path, nested(JSON_DEPTH_LIMIT + 1));
    expect(past.status).toBe(400);
    const problem =
      'Invalid request body: must not be nested more than 32 deep; send the fields that are documented';
    expect(past.body).toMatchObject({
      code: 'validation_error',
      error: problem,
      details: { problems: [{ field: '', problem }] },
    });
  });

  it.each(['[', '{"a":', '[{"a":['])(
    'a body nested as deep as it can be harms nothing: %s',
    async (piece) => {
      const body = piece.repeat(Math.floor(BODY_LIMIT_BYTES / piece.length));
      const { status, body: answer } = await app.post('/tasks/batch', body);
      expect(status).toBe(400);
      expect(answer.code).toBe('validation_error');
      expect((await app.get('/openapi.json')).status).toBe(200);
    },
  );

  it('brackets in a text are no nesting', async () => {
    const task = { ...newTask('p', 'TASK-1'), description: '[{'.repeat(1_000), status: 'done' };
    expect((await app.post('/tasks/batch', { tasks: [task] })).body.error).toContain('tasks[0].status');
  });
});
