import { z } from 'zod';
import { decodeBase64Url, encodeBase64Url } from './base64.ts';
import { mustBe } from './wording.ts';

/** A place in the log. Numbers of 64 bits are texts. */
export interface LogPosition {
  /** Of the log whose transaction ids these are: a UUID. */
  readonly epoch: string;
  readonly xid: string;
  readonly seq: string;
}

/** Where a reader of the log starts; a position stands for what comes after it. */
export type LogStart = 'oldest' | 'now' | LogPosition;

const POSITION = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(0|[1-9][0-9]{0,19}):(0|[1-9][0-9]{0,18})$/;
const LARGEST_XID = 2n ** 64n - 1n;
const LARGEST_SEQ = 2n ** 63n - 1n;

/** Encodes a position as the opaque text that clients hand back. */
export function encodeLogCursor({ epoch, xid, seq }: LogPosition): string {
  return encodeBase64Url(`${epoch}:${xid}:${seq}`);
}

/** Undefined for a text that is no cursor. */
export function decodeLogCursor(cursor: string): LogPosition | undefined {
  const decoded = decodeBase64Url(cursor);
  if (decoded === undefined) return undefined;
  const [, epoch = '', xid = '', seq = ''] = POSITION.exec(decoded) ?? [];
  const fits = epoch !== '' && BigInt(xid) <= LARGEST_XID && BigInt(seq) <= LARGEST_SEQ;
  return fits ? { epoch, xid, seq } : undefined;
}

/** Reads `after` into where a reader starts. */
export const logStart = z
  .string({ error: mustBe('a string') })
  .optional()
  .transform((value, context): LogStart => {
    if (value === undefined) return 'oldest';
    const start = value === 'now' ? value : decodeLogCursor(value);
    if (start !== undefined) return start;
    context.addIssue({
      code: 'custom',
      message:
        'must be now, or the next_cursor of an earlier answer, unchanged; leave it out to start with the oldest event',
    });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description:
      'next_cursor of the answer before, or now for only what comes from now on; without it, the oldest event that is kept',
  });
