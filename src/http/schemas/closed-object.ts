import { z } from '@hono/zod-openapi';

/**
 * An object that refuses fields it does not know, naming them and listing those it knows: a typo must not
 * silently widen a query or lose a field.
 */
export function closedObject<Shape extends z.core.$ZodLooseShape>(noun: 'field' | 'parameter', shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const { keys } = issue;
      return `Unknown ${noun}${keys.length > 1 ? 's' : ''}: ${keys.join(', ')}. Known ${noun}s: ${known}`;
    },
  });
}
