import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Caller } from '../domain/access.ts';
import type { ConfiguredKey } from './credentials.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'ttk_';
/** 178 bits. */
const RANDOM_CHARACTERS = 30;
/** 62^6 is just more than 2^32. */
const CHECKSUM_CHARACTERS = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_CHARACTERS + CHECKSUM_CHARACTERS}}$`);

/** Makes a key in the form of GitHub's tokens: a prefix for secret scanners, random characters, their CRC-32. */
export function createApiKey(below: (bound: number) => number = (bound) => randomInt(bound)): string {
  const draw = () => BASE62.charAt(below(BASE62.length));
  const random = Array.from({ length: RANDOM_CHARACTERS }, draw).join('');
  return PREFIX + random + checksumOf(random);
}

function checksumOf(random: string): string {
  let rest = crc32(random);
  let digits = '';
  for (let place = 0; place < CHECKSUM_CHARACTERS; place += 1) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}

/** Whether a text starts like one of our keys but was mistyped or cut off. */
export function isMistypedKey(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const random = text.slice(PREFIX.length, PREFIX.length + RANDOM_CHARACTERS);
  return !FORM.test(text) || !text.endsWith(checksumOf(random));
}

/** SHA-256: a random key needs no slow hash, unlike a password. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Finds the caller of a key. Compares every hash in constant time, even after a match. */
export function findCaller(keys: readonly ConfiguredKey[], hash: Buffer): Caller | undefined {
  let found: Caller | undefined;
  for (const key of keys) {
    if (timingSafeEqual(key.hash, hash)) found = key.caller;
  }
  return found;
}
