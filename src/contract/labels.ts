import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { jsonValue } from './json-value.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

const bounds = { min: 1, max: LIMITS.labelCharacters };
const label = text(bounds);

/** A set: what is given twice counts once. Reports only the first wrong entry, as for other lists of a task. */
export const labels = z
  .array(z.unknown(), { error: mustBe('an array') })
  .refine(({ length }) => length <= LIMITS.labels, {
    error: `must have at most ${LIMITS.labels} entries`,
    abort: true,
  })
  .transform((entries, context): string[] => {
    for (const [index, entry] of entries.entries()) {
      const message = label.safeParse(entry).error?.issues[0]?.message;
      if (message === undefined) continue;
      context.addIssue({ code: 'custom', path: [index], message });
      return z.NEVER;
    }
    // Every entry passed as a text.
    return [...new Set(entries as string[])];
  })
  .meta({
    type: 'array',
    items: { type: 'string', minLength: bounds.min, maxLength: bounds.max },
    maxItems: LIMITS.labels,
    example: ['docs', 'urgent'],
  });

export type Metadata = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object, kept as it came. */
export const metadata = jsonValue(LIMITS.metadataBytes)
  .refine(isObject, { error: mustBe('an object'), abort: true })
  // isObject let it through.
  .transform((value) => value as Metadata)
  .meta({ type: 'object', additionalProperties: true, example: { source: 'import' } });
