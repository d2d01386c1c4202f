import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { jwksKeys, KeySetUnavailable } from '../../src/auth/jwks.ts';

const URL = 'https://id.example/jwks';
const MINUTE = 60_000;

/** An issuer, the clock, and what was asked of the issuer. */
class World {
  now = 0;
  fetches = 0;
  answer: () => Promise<Response> = () => Promise.reject(new Error('down'));
  readonly keys = jwksKeys(URL, {
    fetch: (url, init) => {
      expect(url).toBe(URL);
      expect(init).toMatchObject({ redirect: 'manual', signal: expect.any(AbortSignal) });
      this.fetches += 1;
      return this.answer();
    },
    sleep: (milliseconds) => {
      this.now += milliseconds;
      return Promise.resolve();
    },
    wallClock: () => this.now,
  });

  serve(...keys: JWK[]): void {
    this.answer = () => Promise.resolve(Response.json({ keys }));
  }

  /** What comes of asking for a key: found, unknown, or none to be had. */
  async ask(kid: string): Promise<'found' | 'unknown' | 'unavailable'> {
    const token = { payload: '', signature: '' };
    try {
      await this.keys({ alg: 'ES256', kid }, token);
      return 'found';
    } catch (error) {
      return error instanceof KeySetUnavailable ? 'unavailable' : 'unknown';
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

  it('the keys are fetched once for many tokens, and again after ten minutes', async () => {
    const world = new World();
    world.serve(one);
    for (const at of [0, 1, 10 * MINUTE - 1]) {
      world.now = at;
      expect(await world.ask('one')).toBe('found');
    }
    expect(world.fetches).toBe(1);
    world.now = 10 * MINUTE;
    expect(await world.ask('one')).toBe('found');
    expect(world.fetches).toBe(2);
  });

  it('the log is told why the keys cannot be fetched', async () => {
    const world = new World();
    world.answer = () => Promise.resolve(new Response('', { status: 404 }));
    await expect(
      world.keys({ alg: 'ES256', kid: 'one' }, { payload: '', signature: '' }),
    ).rejects.toMatchObject({ name: 'KeySetUnavailable', cause: { message: 'Key set: status 404' } });
  });

  it('the keys are fetched for an unknown key, at most once in thirty seconds', async () => {
    const world = new World();
    world.serve(one);
    await world.ask('one');
    world.serve(one, two);
    for (const kid of ['two', 'three', 'four']) expect(await world.ask(kid)).toBe('unknown');
    expect(world.fetches).toBe(1);
    world.now = 30_000;
    expect(await world.ask('two')).toBe('found');
    for (const kid of ['three', 'four', 'five']) expect(await world.ask(kid)).toBe('unknown');
    expect(world.fetches).toBe(2);
  });

  it('a key that the issuer withdraws is forgotten', async () => {
    const world = new World();
    world.serve(one, two);
    expect(await world.ask('two')).toBe('found');
    world.serve(one);
    world.now = 10 * MINUTE;
    expect(await world.ask('two')).toBe('unknown');
  });

  it('the keys serve for an hour while they cannot be fetched, and no longer', async () => {
    const world = new World();
    world.serve(one);
    await world.ask('one');
    world.answer = () => Promise.reject(new Error('down'));
    world.now = 60 * MINUTE - 1;
    expect(await world.ask('one')).toBe('found');
    world.now = 60 * MINUTE;
    expect(await world.ask('one')).toBe('unavailable');
  });

  it('the keys are not fetched again within five seconds of a failure', async () => {
    const world = new World();
    expect([await world.ask('one'), await world.ask('one')]).toEqual(['unavailable', 'unavailable']);
    world.now = 4_999;
    await world.ask('one');
    expect(world.fetches).toBe(1);
    world.now = 5_000;
    world.serve(one);
    expect(await world.ask('one')).toBe('found');
  });

  it('the keys are fetched once for concurrent requests', async () => {
    const world = new World();
    let answer: (response: Response) => void = () => undefined;
    world.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const first = world.ask('one');
    const second = world.ask('one');
    answer(Response.json({ keys: [one] }));
    expect(await Promise.all([first, second])).toEqual(['found', 'found']);
    expect(world.fetches).toBe(1);
  });

  it('a request that ended while it fetched keeps nobody waiting', async () => {
    const world = new World();
    world.answer = () => new Promise(() => undefined);
    void world.ask('one');
    expect(await world.ask('one')).toBe('unavailable');
    expect(world.now).toBe(2_000);
  });

  it.each<[string, () => Response]>([
    ['an error', () => new Response('{"keys":[]}', { status: 500 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
    ['no body', () => new Response(null)],
    ['no JSON', () => new Response('<html>')],
    ['no key set', () => new Response('{"keys":1}')],
    ['more than 64 KiB', () => new Response(`{"keys":[],"x":"${'x'.repeat(64 * 1024)}"}`)],
  ])('an answer of %s gives no keys', async (_, answer) => {
    const world = new World();
    world.answer = () => Promise.resolve(answer());
    expect(await world.ask('one')).toBe('unavailable');
  });
});
