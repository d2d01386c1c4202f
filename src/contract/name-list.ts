import { z } from 'zod';
import { mustBe } from './wording.ts';

/**
 * Some of these names, separated by commas, as a parameter of the query; null when absent. They come in the order of
 * `names`, so that the same set is the same value. `problem` says what is wrong with any other text.
 */
export function nameList<const Name extends string>(names: readonly Name[], problem: string) {
  return z
    .string({ error: mustBe('a string') })
    .optional()
    .transform((value, context): readonly Name[] | null => {
      if (value === undefined) return null;
      const given = new Set<string>(value.split(','));
      const known = names.filter((name) => given.has(name));
      if (known.length === given.size) return known;
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    });
}
