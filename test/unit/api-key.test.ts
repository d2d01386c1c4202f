import { describe, expect, it } from 'vitest';
import { createApiKey, findCaller, hashOf, isMistypedKey } from '../../src/auth/api-key.ts';
import { unrestricted } from '../../src/domain/access.ts';

describe('an API key', () => {
  it('a key has a prefix, thirty random characters and a checksum', () => {
    expect(createApiKey()).toMatch(/^ttk_[0-9A-Za-z]{36}$/);
    expect(createApiKey(() => 0)).toBe(`ttk_${'0'.repeat(30)}2C8GjS`);
    expect(new Set(Array.from({ length: 100 }, () => createApiKey())).size).toBe(100);
  });

  it('a key draws from all 62 characters and no others', () => {
    const bounds: number[] = [];
    const key = createApiKey((bound) => bounds.push(bound) + 31);
    expect(bounds).toEqual(Array(30).fill(62));
    expect(key.slice(4, 34)).toBe('WXYZabcdefghijklmnopqrstuvwxyz'.slice(0, 30));
  });

  it('a typo at any place of a key is noticed', () => {
    const key = createApiKey();
    expect(isMistypedKey(key)).toBe(false);
    for (let place = 4; place < key.length; place += 1) {
      const other = key[place] === 'x' ? 'y' : 'x';
      expect(isMistypedKey(key.slice(0, place) + other + key.slice(place + 1))).toBe(true);
    }
  });

  it.each(['ttk_', 'ttk_short', `${createApiKey()}x`, createApiKey().slice(0, -1), `${createApiKey()}\n`])(
    'the text %j is a mistyped key',
    (text) => {
      expect(isMistypedKey(text)).toBe(true);
    },
  );

  it.each(['', 'some-other-secret', 'TTK_x', 'x-ttk_x'])('the text %j is no mistyped key', (text) => {
    expect(isMistypedKey(text)).toBe(false);
  });
});

describe('the configured keys', () => {
  const keys = ['one', 'two', 'three'].map((name) => ({ caller: unrestricted(name), hash: hashOf(name) }));

  it.each(['one', 'two', 'three'])('the key of %s is found', (name) => {
    expect(findCaller(keys, hashOf(name))?.name).toBe(name);
  });

  it('an unknown key is not found', () => {
    expect(findCaller(keys, hashOf('four'))).toBeUndefined();
    expect(findCaller([], hashOf('one'))).toBeUndefined();
  });

  it('a key is known by the SHA-256 that sha256sum prints', () => {
    expect(hashOf('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
