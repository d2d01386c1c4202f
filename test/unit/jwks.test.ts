import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { issuerKeys } from '../../src/auth/jwks.ts';

const URL = 'https://id.example/jwks';
const MINUTE = 60_000;
const TOKEN = { payload: '', signature: '' };

/** An issuer, and what was asked of it. */
class Issuer {
  fetches = 0;
  answer: () => Promise<Response> = () => Promise.reject(new Error('down'));
  readonly keys = issuerKeys(URL, {
    fetch: (url, init) => {
      expect(url).toBe(URL);
      expect(init).toMatchObject({ redirect: 'manual', signal: expect.any(AbortSignal) });
      this.fetches += 1;
      return this.answer();
    },
    wallClock: () => Date.now(),
  });

  serve(...keys: JWK[]): void {
    this.answer = () => Promise.resolve(Response.json({ keys }));
  }

  fail(): void {
    this.answer = () => Promise.reject(new Error('down'));
  }

  /** What comes of asking for a key: found, unknown, or none to be had. */
  async ask(kid: string): Promise<'found' | 'unknown' | 'unavailable'> {
    try {
      await this.keys({ alg: 'ES256', kid }, TOKEN);
      return 'found';
    } catch (error) {
      return (error as { code?: unknown }).code === 'authentication_unavailable' ? 'unavailable' : 'unknown';
    }
  }
}

describe('the keys of an issuer', () => {
  let one: JWK;
  let two: JWK;

  beforeAll(async () => {
    const keyCalled = async (kid: string) => {
      const { publicKey } = await generateKeyPair('ES256', { extractable: true });
      return { ...(await exportJWK(publicKey)), kid };
    };
    [one, two] = [await keyCalled('one'), await keyCalled('two')];
  });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('the keys are fetched once for many tokens, and again after ten minutes', async () => {
    const issuer = new Issuer();
    issuer.serve(one);
    for (const at of [0, 1, 10 * MINUTE - 1]) {
      vi.setSystemTime(at);
      expect(await issuer.ask('one')).toBe('found');
    }
    expect(issuer.fetches).toBe(1);
    vi.setSystemTime(10 * MINUTE);
    expect(await issuer.ask('one')).toBe('found');
    expect(issuer.fetches).toBe(2);
  });

  it('the log is told why the keys cannot be fetched', async () => {
    const issuer = new Issuer();
    issuer.answer = () => Promise.resolve(new Response('', { status: 404 }));
    await expect(issuer.keys({ alg: 'ES256', kid: 'one' }, TOKEN)).rejects.toMatchObject({
      code: 'authentication_unavailable',
      cause: { message: 'Key set: status 404' },
    });
  });

  it('the keys are fetched for a key that is not among them, at most once in thirty seconds', async () => {
    const issuer = new Issuer();
    issuer.serve(one);
    await issuer.ask('one');
    issuer.serve(one, two);
    for (const kid of ['two', 'three', 'four']) expect(await issuer.ask(kid)).toBe('unknown');
    expect(issuer.fetches).toBe(1);
    vi.setSystemTime(30_000);
    expect(await issuer.ask('two')).toBe('found');
    for (const kid of ['three', 'four', 'five']) expect(await issuer.ask(kid)).toBe('unknown');
    expect(issuer.fetches).toBe(2);
  });

  it('a key that the issuer withdraws is forgotten', async () => {
    const issuer = new Issuer();
    issuer.serve(one, two);
    expect(await issuer.ask('two')).toBe('found');
    issuer.serve(one);
    vi.setSystemTime(10 * MINUTE);
    expect(await issuer.ask('two')).toBe('unknown');
  });

  it('the keys serve until they are old while the issuer is down, and no longer', async () => {
    const issuer = new Issuer();
    issuer.serve(one);
    await issuer.ask('one');
    issuer.fail();
    vi.setSystemTime(10 * MINUTE - 1);
    expect(await issuer.ask('one')).toBe('found');
    expect(await issuer.ask('two')).toBe('unavailable');
    expect(await issuer.ask('one')).toBe('found');
    vi.setSystemTime(10 * MINUTE);
    expect(await issuer.ask('one')).toBe('unavailable');
  });

  it('the keys are not asked for again within five seconds of a failure', async () => {
    const issuer = new Issuer();
    expect([await issuer.ask('one'), await issuer.ask('one')]).toEqual(['unavailable', 'unavailable']);
    vi.setSystemTime(4_999);
    expect(await issuer.ask('one')).toBe('unavailable');
    expect(issuer.fetches).toBe(1);
    vi.setSystemTime(5_000);
    issuer.serve(one);
    expect(await issuer.ask('one')).toBe('found');
  });

  it('the keys cannot be had where their time is over, however that shows', async () => {
    for (const name of ['TimeoutError', 'AbortError']) {
      const issuer = new Issuer();
      issuer.answer = () => Promise.reject(new DOMException('over', name));
      expect(await issuer.ask('one')).toBe('unavailable');
    }
  });

  it.each<[string, () => Response]>([
    ['an error', () => new Response('{"keys":[]}', { status: 500 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
    ['no body', () => new Response(null)],
    ['no JSON', () => new Response('<html>')],
    ['no key set', () => new Response('{"keys":1}')],
    [
      'a broken key',
      () => new Response('{"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"AA","y":"AA"}]}'),
    ],
    ['more than 64 KiB', () => new Response(`{"keys":[],"x":"${'x'.repeat(64 * 1024)}"}`)],
  ])('the keys cannot be had from an answer of %s', async (_, answer) => {
    const issuer = new Issuer();
    issuer.answer = () => Promise.resolve(answer());
    expect(await issuer.ask('one')).toBe('unavailable');
  });
});
