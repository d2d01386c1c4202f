import fc, { type Arbitrary } from 'fast-check';
import { BODY_LIMIT_BYTES } from '../../src/http/limits.ts';
import type { Schema } from './document.ts';
import { write } from './json.ts';
import { BAD_UTF8, NO_JSON, ODD_JSON } from './oddities.ts';
import type { Values } from './values.ts';

/** A request's body, described so that a large one stays small until it is sent. */
export interface Body {
  readonly text: string;
  /** Blanks are put behind the text until the body has that many bytes. */
  readonly paddedTo?: number;
  /** Bytes that are put into the text, at that share of its length. */
  readonly inserted?: { readonly at: number; readonly bytes: readonly number[] };
}

const BOM = [0xef, 0xbb, 0xbf];
const BLANK = 0x20;
const sizes: Arbitrary<number> = fc.constantFrom(
  BODY_LIMIT_BYTES - 1,
  BODY_LIMIT_BYTES,
  BODY_LIMIT_BYTES + 1,
  BODY_LIMIT_BYTES * 2,
);

/** Bodies for a schema: about half are valid JSON of that form. */
export function bodiesFor(schema: Schema, values: Values): Arbitrary<Body> {
  const valid = values.valid(schema).map((json): Body => ({ text: write(json) }));
  const odd = values.odd(schema).map((json): Body => ({ text: write(json) }));
  return fc.oneof(
    { arbitrary: valid, weight: 20 },
    { arbitrary: odd, weight: 16 },
    { arbitrary: valid.chain(({ text }) => damaged(text)), weight: 4 },
    { arbitrary: fc.tuple(valid, sizes).map(([body, paddedTo]) => ({ ...body, paddedTo })), weight: 2 },
  );
}

/** Bodies that were made for no schema. */
export const strayBodies: Arbitrary<Body | undefined> = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 4 },
  { arbitrary: fc.constantFrom(...ODD_JSON, ...NO_JSON).map((text) => ({ text })), weight: 8 },
  { arbitrary: fc.json().map((text) => ({ text })), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary' }).map((text) => ({ text })), weight: 2 },
  { arbitrary: fc.constantFrom(...NO_JSON).chain(damaged), weight: 2 },
  { arbitrary: fc.constantFrom(1_000, 100_000).map((depth) => ({ text: '['.repeat(depth) })), weight: 1 },
  { arbitrary: sizes.map((paddedTo) => ({ text: '{}', paddedTo })), weight: 1 },
);

/** The same text cut off, with more behind it, with a byte order mark or with bytes that are not UTF-8. */
function damaged(text: string): Arbitrary<Body> {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.oneof(
    at.map((share) => ({ text: text.slice(0, Math.floor(text.length * share)) })),
    fc.constantFrom(...NO_JSON).map((more) => ({ text: text + more })),
    fc.constant({ text, inserted: { at: 0, bytes: BOM } }),
    fc.record({ at, bytes: fc.constantFrom(...BAD_UTF8) }).map((inserted) => ({ text, inserted })),
  );
}

/** The bytes of a body. */
export function bytesOf({ text, paddedTo = 0, inserted }: Body): Uint8Array {
  const plain = new TextEncoder().encode(text);
  const extra = inserted?.bytes ?? [];
  const at = Math.floor(plain.length * (inserted?.at ?? 0));
  const length = plain.length + extra.length;
  const bytes = new Uint8Array(Math.max(length, paddedTo)).fill(BLANK);
  bytes.set(plain.subarray(0, at));
  bytes.set(extra, at);
  bytes.set(plain.subarray(at), at + extra.length);
  return bytes;
}
