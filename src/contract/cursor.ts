import { z } from 'zod';
import { decodeBase64 } from './base64.ts';
import { mustBe } from './wording.ts';

const POSITION = /^[1-9][0-9]{0,15}$/;

/** Encodes a position as the opaque text that clients hand back. */
export function encodeCursor(position: number): string {
  return btoa(String(position)).replaceAll('=', '');
}

function decodeCursor(cursor: string): number | undefined {
  const decoded = decodeBase64(cursor);
  if (decoded === undefined) return undefined;
  const position = Number(decoded);
  return POSITION.test(decoded) && Number.isSafeInteger(position) ? position : undefined;
}

/** Reads a cursor into a position; 0, the start, when absent. */
export const cursor = z
  .string({ error: mustBe('a string') })
  .optional()
  .transform((value, context) => {
    if (value === undefined) return 0;
    const position = decodeCursor(value);
    if (position !== undefined) return position;
    context.addIssue({
      code: 'custom',
      message: 'must be the next_cursor of an earlier answer, unchanged; leave it out to start over',
    });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'next_cursor of the previous page' });
