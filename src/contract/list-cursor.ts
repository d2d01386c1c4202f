import { z } from 'zod';
import { decodeBase64 } from './base64.ts';
import { mustBe } from './wording.ts';

/** A place in a list: after the task with that key and, among those of the same key, that seq. */
export interface ListPosition {
  /** Of the list that the place is in; null in cursors of a version that knew one order and one filter only. */
  readonly list: string | null;
  readonly key: number;
  readonly seq: number;
}

const POSITION = /^(?:([0-9a-z]{1,13}):(-?[0-9]{1,16}):)?([1-9][0-9]{0,15})$/;

/** Encodes a place as the opaque text that clients hand back. */
export function encodeListCursor({ list, key, seq }: ListPosition): string {
  return btoa(list === null ? String(seq) : `${list}:${key}:${seq}`).replaceAll('=', '');
}

/** Undefined for a text that is no cursor. */
function decodeListCursor(cursor: string): ListPosition | undefined {
  const decoded = decodeBase64(cursor);
  if (decoded === undefined) return undefined;
  const [, list = null, key = '0', seq = ''] = POSITION.exec(decoded) ?? [];
  const place = { list, key: Number(key), seq: Number(seq) };
  const isSafe = Number.isSafeInteger(place.key) && Number.isSafeInteger(place.seq);
  return seq !== '' && isSafe ? place : undefined;
}

/** Reads a cursor into a place; null, the start, when absent. */
export const listCursor = z
  .string({ error: mustBe('a string') })
  .optional()
  .transform((value, context): ListPosition | null => {
    if (value === undefined) return null;
    const place = decodeListCursor(value);
    if (place !== undefined) return place;
    context.addIssue({
      code: 'custom',
      message: 'must be the next_cursor of an earlier answer, unchanged; leave it out to start over',
    });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description: 'next_cursor of the previous page, with the same filter and sort',
  });

/** FNV-1a over 52 bits: tells lists apart, and keeps no secret. */
export function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  return (hash & 0xfffffffffffffn).toString(36);
}

const MASK = 0xffffffffffffffffn;
