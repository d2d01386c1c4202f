import { describe, expect, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';
import { keysFor } from '../support/credentials.ts';

const policyWith = (style: string) =>
  `default-src 'none'; script-src 'self'; style-src ${style}; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** What a file may do: the board has its style within it. */
const policyFor = (path: string) =>
  path === '/board' ? expect.stringMatching(/style-src 'sha256-[A-Za-z0-9+/]{43}='; /) : policyWith("'self'");

const FILES = {
  '/docs': 'text/html; charset=utf-8',
  '/docs.css': 'text/css; charset=utf-8',
  '/docs.js': 'text/javascript; charset=utf-8',
  '/board': 'text/html; charset=utf-8',
  '/board.js': 'text/javascript; charset=utf-8',
  '/board-layout.js': 'text/javascript; charset=utf-8',
} as const;

const app = appUnderTest({ access: keysFor({}).access });

describe.each(Object.entries(FILES))('GET %s', (path, type) => {
  it('the file comes to a stranger with its type, and a browser guesses no other', async () => {
    const response = await app.send(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await response.text()).length).toBeGreaterThan(400);
  });

  it('the file may load and send what the page needs, from and to this service only', async () => {
    const { headers } = await app.send(path);
    expect(headers.get('content-security-policy')).toEqual(policyFor(path));
  });

  it('a cache asks before it shows the file again, and is told that nothing changed', async () => {
    const { headers } = await app.send(path);
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await app.send(path, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('content-security-policy')).toEqual(policyFor(path));
    expect(again.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a cache that has another version gets the file', async () => {
    const response = await app.send(path, { headers: { 'if-none-match': 'W/"0123"' } });
    expect(response.status).toBe(200);
  });

  it('HEAD has the headers of GET and no body', async () => {
    const response = await app.send(path, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('etag')).toBe((await app.send(path)).headers.get('etag'));
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s is refused with the methods that are allowed',
    async (method) => {
      const { status, headers, body } = await app.get(path, { method });
      expect([status, body.code]).toEqual([405, 'method_not_allowed']);
      expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('OPTIONS tells the methods', async () => {
    const response = await app.send(path, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  it('a path with more after it leads nowhere, and not past the credential', async () => {
    expect((await app.send(`${path}/`)).status).toBe(401);
    expect((await appUnderTest().send(`${path}/`)).status).toBe(404);
  });
});

describe('the page of the board', () => {
  it('the page refers to its own files only, and has no script of its own', async () => {
    const page = await (await app.send('/board')).text();
    const references = [...page.matchAll(/\b(?:src|href)="([^"#][^"]*)"/g)].map(([, to = '']) => to);
    expect(new Set(references.filter((to) => !to.startsWith('data:')))).toEqual(new Set(['/board.js']));
    expect(page).not.toMatch(/\sstyle=|\son\w+=|<script(?! type="module" src=)/);
  });
});

describe('a file of a page', () => {
  it('the file is compressed for who takes gzip, but behind Cloudflare’s edge, which does it itself', async () => {
    const coded = async (headers: Record<string, string>) => {
      const response = await app.send('/board.js', { headers });
      return [response.headers.get('content-encoding'), response.headers.get('vary')];
    };
    expect(await coded({})).toEqual([null, 'Accept-Encoding']);
    expect(await coded({ 'accept-encoding': 'br, gzip' })).toEqual(['gzip', 'Accept-Encoding']);
    expect(await coded({ 'accept-encoding': 'gzip;q=0' })).toEqual([null, 'Accept-Encoding']);
    expect(await coded({ 'accept-encoding': 'gzip', 'cf-ray': '1' })).toEqual([null, 'Accept-Encoding']);
  });
});

describe('the page', () => {
  it('the page refers to its own files and to nothing of another host', async () => {
    const page = await (await app.send('/docs')).text();
    const references = [...page.matchAll(/\b(?:src|href)="([^"#][^"]*)"/g)].map(([, to = '']) => to);
    expect(references.filter((to) => !to.startsWith('data:')).sort()).toEqual([
      '/docs.css',
      '/docs.js',
      '/openapi.json',
    ]);
  });

  it('the page has no style and no script of its own, which its policy would refuse', async () => {
    const page = await (await app.send('/docs')).text();
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! src=)/);
  });

  it('the name of the file is no path of the service', async () => {
    expect((await appUnderTest().send('/docs.html')).status).toBe(404);
  });
});
