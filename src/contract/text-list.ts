import { z } from 'zod';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

/**
 * At most so many texts, each within those bounds. Reports only the first wrong entry: a batch has room for more than
 * memory can hold.
 */
export function textList(most: number, bounds: { readonly min: number; readonly max: number }) {
  const entry = text(bounds);
  return z
    .array(z.unknown(), { error: mustBe('an array') })
    .refine(({ length }) => length <= most, { error: `must have at most ${most} entries`, abort: true })
    .transform((entries, context): string[] => {
      for (const [index, given] of entries.entries()) {
        const message = entry.safeParse(given).error?.issues[0]?.message;
        if (message === undefined) continue;
        context.addIssue({ code: 'custom', path: [index], message });
        return z.NEVER;
      }
      // Every entry passed as a text.
      return entries as string[];
    })
    .meta({
      type: 'array',
      items: { type: 'string', minLength: bounds.min, maxLength: bounds.max },
      maxItems: most,
    });
}
