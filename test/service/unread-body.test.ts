import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { openTestDatabase } from '../support/database.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';

const KEY = 'a-key-of-this-test-0123456789';
const POSTS = 10;
const BODY = new TextEncoder().encode(JSON.stringify({ x: 'x'.repeat(1_500_000) }));
const ALLOWED = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

let service: RunningService;
let folder: string;

beforeAll(async () => {
  const database = await openTestDatabase();
  folder = await temporaryFolder('unread-body');
  service = await npmStart(['--port', String(await freePort()), '--data-dir', folder], {
    DATABASE_URL: database.url,
    LOG_LEVEL: 'silent',
    API_KEY: KEY,
  });
});
afterAll(async () => {
  service.signalGroup('SIGTERM');
  await service.exited;
  await rm(folder, { recursive: true, force: true });
});

/** Sends a body whose length the headers tell, or which comes in chunks; what came of it. */
async function post(path: string, headers: Record<string, string>, body: Uint8Array | Blob) {
  const init = { method: 'POST', headers, body: body instanceof Blob ? body.stream() : body, duplex: 'half' };
  try {
    const answer = await fetch(`${service.url}${path}`, init as RequestInit);
    // Every answer of the API is JSON.
    const { code } = (await answer.json()) as { code: string };
    return `${answer.status} ${code}`;
  } catch (error) {
    return String(error instanceof Error ? (error.cause ?? error) : error);
  }
}

describe('a refusal that needs nothing of the body', () => {
  it.each([
    ['of the credential', '/tasks/batch', { authorization: 'Bearer wrong' }, '401 invalid_credential'],
    ['of the path', '/nowhere', {}, '404 route_not_found'],
    ['of the method', '/tasks/next', {}, '405 method_not_allowed'],
    ['of the length', '/tasks/batch', {}, '413 payload_too_large'],
  ])('a refusal reaches a client that is still sending: %s', async (_, path, headers, answer) => {
    const posts = Array.from({ length: POSTS }, () => post(path, { ...ALLOWED, ...headers }, BODY));
    expect(await Promise.all(posts)).toEqual(Array(POSTS).fill(answer));
  });

  it('a refusal reaches a client whose chunks are too many', async () => {
    const posts = Array.from({ length: POSTS }, () => post('/tasks/batch', ALLOWED, new Blob([BODY])));
    expect(await Promise.all(posts)).toEqual(Array(POSTS).fill('413 payload_too_large'));
  });

  it('a refusal reaches a client of the wrong media type', async () => {
    const headers = { ...ALLOWED, 'content-type': 'text/plain' };
    const posts = Array.from({ length: POSTS }, () =>
      post('/tasks/batch', headers, BODY.subarray(0, 1_000_000)),
    );
    expect(await Promise.all(posts)).toEqual(Array(POSTS).fill('415 unsupported_media_type'));
  });
});
