import { chunksOf, LAST_CHUNK } from './message.ts';

/** How the end of a body is told: header lines, and what follows the head. */
export interface Framing {
  readonly lines: readonly string[];
  readonly payload: string;
}

const CHUNKED = 'Transfer-Encoding: chunked';
const LONG = 70_000;
const TOO_LONG = 300_000;

/** A move that would succeed, hidden where a body has ended by one rule and not by another. */
const HIDDEN = [
  'PUT /tasks/TASK-046/status?project=ai-agent-mcp-server HTTP/1.1',
  'Host: service.test',
  'Content-Type: application/json',
  'Content-Length: 22',
  '',
  '{"status":"completed"}',
].join('\r\n');

/** Framings that follow the standard. */
export const FRAMINGS: readonly ((body: string) => Framing)[] = [
  (body) => ({ lines: [`Content-Length: ${body.length}`], payload: body }),
  (body) => ({ lines: [`Content-Length: ${body.length}`], payload: body }),
  (body) => ({ lines: [CHUNKED], payload: chunksOf(body, 100_000) + LAST_CHUNK }),
  (body) => ({ lines: [CHUNKED], payload: chunksOf(body, 1 + Math.floor(body.length / 7)) + LAST_CHUNK }),
];

/** Framings that are wrong, ambiguous or seldom seen (RFC 9112, sections 6 and 7). */
export const ODD_FRAMINGS: readonly ((body: string) => Framing)[] = [
  ...['-1', '+1', 'abc', '', '0x2', '1e3', '1 1', '99999999999999999999', '1048577', '\xb2'].map(
    (length) => (payload: string) => ({ lines: [`Content-Length: ${length}`], payload }),
  ),
  (body) => ({ lines: lengths(body.length, body.length), payload: body }),
  (body) => ({ lines: lengths(body.length, body.length + 1), payload: body }),
  (body) => ({ lines: lengths(0, body.length), payload: body }),
  (body) => ({ lines: [`Content-Length: ${body.length}, ${body.length}`], payload: body }),
  (body) => ({ lines: lengths(body.length + 10), payload: body }),
  (body) => ({ lines: lengths(Math.max(0, body.length - 1)), payload: body }),
  (body) => ({ lines: [], payload: body }),
  (body) => {
    const payload = chunksOf(body, 1_000) + LAST_CHUNK + HIDDEN;
    return { lines: [...lengths(payload.length), CHUNKED], payload };
  },
  (body) => ({ lines: [CHUNKED, ...lengths(0)], payload: chunksOf(body, 1_000) + LAST_CHUNK }),
  (body) => ({ lines: [CHUNKED, ...lengths(5)], payload: chunksOf(body, 1_000) + LAST_CHUNK + HIDDEN }),
  ...[
    'gzip',
    'gzip, chunked',
    'chunked, chunked',
    'chunked, identity',
    'identity',
    'xchunked',
    '\x0bchunked',
    '',
  ]
    .map((coding) => `Transfer-Encoding: ${coding}`)
    .map((line) => (body: string) => ({ lines: [line], payload: chunksOf(body, 1_000) + LAST_CHUNK })),
  (body) => ({ lines: [CHUNKED, CHUNKED], payload: chunksOf(body, 1_000) + LAST_CHUNK }),
  (body) => ({ lines: ['transfer-ENCODING:\tCHUNKED  '], payload: chunksOf(body, 1_000) + LAST_CHUNK }),
  ...[
    'zz\r\n',
    '-1\r\n',
    'ffffffffffffffffff\r\n',
    '0x2\r\n',
    '\r\n',
    '2',
    '\x00\r\n',
    '7fffffff\r\n',
    ' 1\r\n',
  ].map((size) => (body: string) => ({ lines: [CHUNKED], payload: size + body + LAST_CHUNK })),
  (body) => ({ lines: [CHUNKED], payload: chunksOf(body, 1_000).replaceAll('\r\n', '\n') + LAST_CHUNK }),
  (body) => ({ lines: [CHUNKED], payload: chunksOf(body, 1_000).replace(/\r\n$/, '') + LAST_CHUNK }),
  (body) => ({
    lines: [CHUNKED],
    payload: chunksOf(body, 1_000).replace('\r\n', ';a="b\x00"\r\n') + LAST_CHUNK,
  }),
  (body) => ({ lines: [CHUNKED], payload: chunksOf(body, 1_000) }),
  (body) => ({ lines: [CHUNKED], payload: `${chunksOf(body, 1_000)}0\r\n` }),
  (body) => ({ lines: [CHUNKED], payload: `${chunksOf(body, 1_000)}0\r\nX-Trailer: 1\r\nHost: x\r\n\r\n` }),
  (body) => ({ lines: [CHUNKED], payload: `${chunksOf(body, 1_000)}0\r\nno trailer\r\n\r\n` }),
];

function lengths(...all: readonly number[]): string[] {
  return all.map((length) => `Content-Length: ${length}`);
}

/** Forms of a target, each with the path that it means (RFC 9112, section 3.2). */
export const TARGET_FORMS: readonly ((target: string) => { target: string; meant: string })[] = [
  ...['http://service.test', 'HTTPS://other.test:1', 'foo://x', 'http://user:word@x', 'http://[::1]:80'].map(
    (origin) => (target: string) => ({ target: origin + target, meant: target }),
  ),
  ...['*', 'service.test:80', 'tasks', '', '?project=x', 'http://', 'http://[::1', 'javascript:alert(1)'].map(
    (target) => () => ({ target, meant: '/' }),
  ),
  ...['\xff', '\xc3\x28', '\xc3\xa9', '\x00', ' x', '\tx', '\x7f', '\x0b', '"<>^`{|}'].map(
    (more) => (target: string) => ({ target: target + more, meant: target + more }),
  ),
  ...['\xff', '\x00', '/', '/\\', '/.', '/x/..', '/%2e%2e', '/;a=b', '/\xc0\xae\xc0\xae'].map(
    (more) => (target: string) => ({ target: more + target, meant: more + target }),
  ),
  ...[LONG, TOO_LONG].flatMap((length) =>
    ['a', '%zz', '/..', '\xe9', '&a=b', '?'].map((piece) => (target: string) => {
      const long = target + piece.repeat(length / piece.length);
      return { target: long, meant: long };
    }),
  ),
];

export const ODD_RAW_METHODS = [
  'get',
  'Put',
  'FOO',
  'CONNECT',
  'PRI',
  'A'.repeat(10_000),
  'G\x00T',
  'GET\t',
  '\xff',
  '',
  '"GET"',
  'M-SEARCH',
];

export const ODD_VERSIONS = [
  'HTTP/1.0',
  'HTTP/0.9',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/9.9',
  'HTTP/1',
  'http/1.1',
  'HTTP/1.1 x',
  'HTTP/11111111111111111111.1',
  'HTTP/1.\xff',
  'ICY/1.0',
  '',
];

/** Lines that name the host: none, two, or no name. Some of them would change the path where they are believed. */
export const ODD_HOSTS: readonly (readonly string[])[] = [
  [],
  ['Host: service.test', 'Host: other.test'],
  ['Host:'],
  ['Host: \xff'],
  ['Host: a b'],
  ['Host: [::1'],
  ['Host: x:99999'],
  ['Host: x:y'],
  ['Host: x\x00y'],
  ['Host: %'],
  ['Host : service.test'],
  [`Host: ${'a.'.repeat(5_000)}test`],
  ['Host: service.test/tasks?project='],
  ['Host: service.test#'],
  ['Host: user@service.test'],
  ['Host: ..\\x'],
];

/** Where the host ends in a URL; what follows in such a Host header would be taken for a path. */
export const HOST_END = /[/?#\\@]/;

/** Lines that are no header fields, or strange ones. */
export const ODD_LINES = [
  'X-Folded: a\r\n b',
  ' X-First: folded into nothing',
  'X-Space : a',
  'no colon',
  ': no name',
  'X-Nul: a\x00b',
  'X-Return: a\rb',
  'X-Feed: a\nX-Injected: yes',
  'X-\xff: a',
  'X(): a',
  'X-Bytes: \xe9\xff\xc3\x28',
  'X-Request-Id: \xe9\xff',
  'X-Request-Id: a\tb',
  `X-Long: ${'a'.repeat(LONG)}`,
  `X-Too-Long: ${'a'.repeat(TOO_LONG)}`,
  `${'X'.repeat(LONG)}: a`,
  Array.from({ length: 2_000 }, (_, index) => `X-Many-${index}: a`).join('\r\n'),
  Array.from({ length: 200 }, () => 'X-Same: a').join('\r\n'),
  'Content-Type: application/json',
  'Content-Type: text/plain',
  'Content-Type: application/json\xff',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Connection: close',
  'Connection: keep-alive, upgrade, content-type',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
  'TE: trailers, deflate;q=0.5',
  'Trailer: Content-Length',
  'Content-Encoding: gzip',
  'Proxy-Connection: keep-alive',
  'Accept-Encoding: gzip, br, *;q=nonsense',
];

/** What comes in front of the request line: blank lines, other protocols, nothing that can be read. */
export const PREFIXES = [
  '\r\n\r\n',
  '\n',
  ' ',
  '\x00',
  '\xef\xbb\xbf',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n',
];

export const ODD_LINE_ENDS = ['\n', '\r', '\r\r\n', '\n\r', '\r\n\r\n'];
