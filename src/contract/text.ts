import { z } from 'zod';
import { mustBe } from './wording.ts';

const NUL = '\u0000';

function hasCharacters(text: string, min: number, max: number): boolean {
  // UTF-16 units are never fewer than characters, so only a long text needs counting.
  const characters = text.length <= max ? text.length : [...text].length;
  return characters >= min && characters <= max;
}

/** Text that returns as sent, counted in code points; Postgres cannot store NUL and lone surrogates. */
export function text(bounds: { min?: number; max: number }) {
  const { min = 0, max } = bounds;
  return z
    .string({ error: mustBe('a string') })
    .refine((value) => hasCharacters(value, min, max), {
      error: min === 0 ? `must have at most ${max} characters` : `must have ${min} to ${max} characters`,
      abort: true,
    })
    .refine((value) => !value.includes(NUL), {
      error: 'must not contain NUL characters (U+0000); leave them out',
      abort: true,
    })
    .refine((value) => value.isWellFormed(), {
      error: 'must not contain lone surrogates (U+D800 to U+DFFF); send well-formed Unicode',
      abort: true,
    })
    .meta({ minLength: min, maxLength: max });
}
