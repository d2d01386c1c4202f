import { z } from '@hono/zod-openapi';
import { mustBe } from './wording.ts';

const NAMES_SHOWN = 10;
const LONGEST_NAME = 60;

/** A name that a caller made up, cut to what a reader can use. */
export function shortened(name: string): string {
  return name.slice(0, LONGEST_NAME);
}

/** The names that a caller made up, cut to what a reader can use; a refusal must not grow with the request. */
export function namesIn(keys: readonly string[]): string[] {
  const shown = keys.slice(0, NAMES_SHOWN).map(shortened);
  return keys.length > NAMES_SHOWN ? [...shown, `and ${keys.length - NAMES_SHOWN} more`] : shown;
}

/**
 * An object that refuses fields it does not know, naming them and listing those it knows: a typo must not
 * silently widen a query or lose a field.
 */
export function closedObject<Shape extends z.core.$ZodLooseShape>(noun: 'field' | 'parameter', shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return mustBe('an object')(issue);
      const { keys } = issue;
      return `Unknown ${noun}${keys.length > 1 ? 's' : ''}: ${namesIn(keys).join(', ')}. Known ${noun}s: ${known}`;
    },
  });
}
