import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();
const ASK_FOR_JSON = 'Send the header Content-Type: application/json';

async function send(headers: Record<string, string>, body: BodyInit = '{}') {
  return app.get('/tasks/batch', { method: 'POST', headers, body });
}

describe('the media type of a body', () => {
  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'x-application/json',
    'application/json x',
    'multipart/form-data',
  ])('a body of the media type %s is refused', async (type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const answer = await send(headers, new TextEncoder().encode('{}'));
    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({ code: 'unsupported_media_type' });
    expect(answer.body.error).toContain(ASK_FOR_JSON);
    expect(answer.headers.has('accept-encoding')).toBe(false);
  });

  it.each([
    'Application/JSON; charset=utf-8',
    'application/json ;charset="UTF-8"',
    'application/json;',
    'application/json\t; charset = utf-8;',
    'application/json; version_2=x',
    'application/json \t; \t charset \t= \tutf-8',
    'application/json; charset=utf8',
    'application/json; charset=UTF8',
    'application/json; charset="utf8"',
    'application/json; charset="u\\tf\\-8"',
    'application/json; charset=',
    'application/json; profile="a; charset=latin1"; charset=utf-8',
    'application/json; profile="\\"; charset=latin1"',
    'application/json; x-charset=latin1',
  ])('a body of the media type %s is taken', async (type) => {
    expect((await send({ 'content-type': type })).body.error).toBe('Missing required field: tasks');
  });

  it.each([
    ['application/json; charset=latin1', 'latin1'],
    ['application/json;charset=latin1', 'latin1'],
    ['application/json; charset\t =latin1', 'latin1'],
    ['application/json; charset="iso-8859-\\1"', 'iso-8859-1'],
    ['application/json; CHARSET=UTF-16', 'UTF-16'],
    ['application/json; charset=utf-16; charset=utf-8', 'utf-16'],
    ['application/json; profile=x; charset=utf-7', 'utf-7'],
    ['application/json; charset=utf-88', 'utf-88'],
    [`application/json; charset=${'x'.repeat(1_000)}`, 'x'.repeat(60)],
  ])('a body in another charset is refused by its name: %s', async (type, charset) => {
    const { status, body } = await send({ 'content-type': type });
    expect(status).toBe(415);
    expect(body).toMatchObject({
      code: 'unsupported_media_type',
      error: `The charset of the request body is ${charset}. Send it in UTF-8, with the header Content-Type: application/json`,
    });
  });
});

describe('the content coding of a body', () => {
  const coded = (coding: string, body?: BodyInit) =>
    send({ 'content-type': 'application/json', 'content-encoding': coding }, body);

  it.each([
    ['gzip', 'gzip'],
    ['GZip', 'GZip'],
    ['br, gzip', 'br, gzip'],
    ['identity, deflate', 'deflate'],
    [', zstd ,', 'zstd'],
    ['aws-chunked', 'aws-chunked'],
    [Array(12).fill('gzip').join(), `${Array(10).fill('gzip').join(', ')}, and 2 more`],
  ])('a body in another content coding is refused by its name: %s', async (coding, named) => {
    for (const body of ['{}', gzipSync('{}')]) {
      const answer = await coded(coding, body);
      expect(answer.status).toBe(415);
      expect(answer.headers.get('accept-encoding')).toBe('identity');
      expect(answer.body).toMatchObject({
        code: 'unsupported_media_type',
        error: `The content coding of the request body is ${named}. Send it as it is, without the header Content-Encoding`,
      });
    }
  });

  it.each(['identity', 'Identity', '', ' , ', 'identity, identity'])(
    'a body without a content coding is taken: "%s"',
    async (coding) => {
      const { status, headers, body } = await coded(coding);
      expect([status, body.error]).toEqual([400, 'Missing required field: tasks']);
      expect(headers.has('accept-encoding')).toBe(false);
    },
  );
});
