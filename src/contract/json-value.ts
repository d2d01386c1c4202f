import { z } from 'zod';

const encoder = new TextEncoder();

/** What PostgreSQL or JSON itself cannot hold, or that the whole is too large; undefined where nothing is wrong. */
function problemOf(value: unknown, maxBytes: number): string | undefined {
  let problem: string | undefined;
  const check = (text: string) => {
    if (text.includes('\u0000')) problem ??= 'must not contain NUL characters (U+0000); leave them out';
    if (!text.isWellFormed())
      problem ??= 'must not contain lone surrogates (U+D800 to U+DFFF); send well-formed Unicode';
  };
  const json = JSON.stringify(value, (key, part: unknown) => {
    check(key);
    if (typeof part === 'string') check(part);
    if (part === Number.POSITIVE_INFINITY || part === Number.NEGATIVE_INFINITY)
      problem ??= 'must not contain numbers beyond 1.8e308';
    return part;
  });
  if (encoder.encode(json).byteLength > maxBytes) return `must have at most ${maxBytes} bytes as JSON`;
  return problem;
}

/** Any JSON up to that size. A null counts as none. */
export function jsonValue(maxBytes: number) {
  const problem = (value: unknown) => (value === undefined ? undefined : problemOf(value, maxBytes));
  return z.unknown().refine((value): boolean => problem(value) === undefined, {
    error: ({ input }) => problem(input),
    abort: true,
  });
}
