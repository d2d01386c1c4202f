import { z } from 'zod';
import { EXPORT_WALKS } from '../domain/transfer.ts';
import { decodeBase64Url, encodeBase64Url } from './base64.ts';
import { mustBe } from './wording.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const XID = /^(0|[1-9][0-9]{0,19})$/;
const xid = z
  .string()
  .regex(XID)
  .refine((text) => BigInt(text) < 2n ** 64n);
const seq = z.int().min(0);
const place = z
  .string()
  .max(200)
  .refine((text) => text.isWellFormed() && !text.includes('\u0000'));

const walking = z
  .strictObject({
    project: place,
    epoch: z.string().regex(UUID),
    /** Every change of a transaction from this one on is told once more. */
    since: xid,
    walk: z.enum(EXPORT_WALKS),
    /** The last that was told, by the columns of the walk's index. */
    name: place,
    number: seq,
    /** Artifacts that were provided since are told once more. */
    at: z.iso.datetime(),
  })
  // Of a note it is a number.
  .refine(({ walk, name }) => walk !== 'notes' || /^[0-9]{0,10}$/.test(name));

const changing = z.strictObject({
  project: place,
  epoch: z.string().regex(UUID),
  since: xid,
  /** The last event that was told; null at the start of a round. */
  told: z.strictObject({ xid, seq }).nullable(),
  /** Where the next round starts; null at the start of this one. */
  next: xid.nullable(),
  /** Artifacts that were provided since are told once more. */
  at: z.iso.datetime(),
});

const position = z.union([walking, changing]);

/** Within the walk through what there was at the start. */
export type WalkPosition = z.infer<typeof walking>;
/** Within a round through what has changed since. */
export type ChangePosition = z.infer<typeof changing>;
export type ExportPosition = z.infer<typeof position>;

/** Encodes a position as the opaque text that clients hand back. */
export function encodeExportCursor(at: ExportPosition): string {
  const bytes = new TextEncoder().encode(JSON.stringify(at));
  return encodeBase64Url(String.fromCharCode(...bytes));
}

/** Undefined for a text that is no cursor. */
export function decodeExportCursor(cursor: string): ExportPosition | undefined {
  const decoded = decodeBase64Url(cursor);
  if (decoded === undefined) return undefined;
  const bytes = Uint8Array.from(decoded, (byte) => byte.charCodeAt(0));
  try {
    return position.safeParse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)),
    ).data;
  } catch {
    return undefined;
  }
}

/** Reads a cursor into a position; undefined, the start, when absent. */
export const exportCursor = z
  .string({ error: mustBe('a string') })
  .optional()
  .transform((value, context): ExportPosition | undefined => {
    if (value === undefined) return undefined;
    const decoded = decodeExportCursor(value);
    if (decoded !== undefined) return decoded;
    context.addIssue({
      code: 'custom',
      message: 'must be the cursor of a line of an earlier answer, unchanged; leave it out to start over',
    });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'That of the last line of the answer before' });
