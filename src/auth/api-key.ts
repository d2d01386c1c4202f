import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Caller } from '../domain/access.ts';
import type { ConfiguredKey } from './credentials.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'ttk_';
/** 178 bits, more than anybody can guess. */
const RANDOM_CHARACTERS = 30;
/** 62^6 is just more than 2^32. */
const CHECKSUM_CHARACTERS = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_CHARACTERS + CHECKSUM_CHARACTERS}}$`);

/**
 * Makes a key: a prefix by which secret scanners find it, random characters, and their CRC-32, by which a mistyped
 * one is told without a lookup (the form of GitHub's tokens). `below` draws a whole number from 0 up to its bound.
 */
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

/** Whether text begins like one of our keys and yet is none: it was mistyped or cut off. */
export function isMistypedKey(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const random = text.slice(PREFIX.length, PREFIX.length + RANDOM_CHARACTERS);
  return !FORM.test(text) || !text.endsWith(checksumOf(random));
}

/** The SHA-256 of a text. A random key has no need of a slow hash, which is for what people make up. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Finds the caller of a key. Every hash is compared in constant time, also behind the one that fits. */
export function findCaller(keys: readonly ConfiguredKey[], hash: Buffer): Caller | undefined {
  let found: Caller | undefined;
  for (const key of keys) {
    if (timingSafeEqual(key.hash, hash)) found = key.caller;
  }
  return found;
}
