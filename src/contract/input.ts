import { z } from 'zod';
import { mustBe, namesIn } from './wording.ts';

export type Noun = 'field' | 'parameter' | 'argument';

type Shape = Readonly<Record<string, z.ZodType>>;

export interface Input<S extends Shape = Shape> {
  readonly fields: S;
  /** Runs once each field is valid by itself; sees the fields that a door reads together. */
  readonly rule?: (fields: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx) => void;
}

export type Parsed<I extends Input> = z.output<z.ZodObject<I['fields']>>;

/** The fields of those names, in the order of the input. */
export function pick(fields: Shape, names: readonly string[]): Shape {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

/** The schema of some fields, by default all. Refuses others: a typo must not widen a query or lose a field. */
export function schemaOf(
  noun: Noun,
  { fields, rule }: Input,
  names: readonly string[] = Object.keys(fields),
): z.ZodType<Record<string, unknown>> {
  const known = names.join(', ');
  const schema = z.strictObject(pick(fields, names), {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return mustBe('an object')(issue);
      const { keys } = issue;
      const unknown = `Unknown ${noun}${keys.length > 1 ? 's' : ''}: ${namesIn(keys).join(', ')}`;
      return known === ''
        ? `${unknown}. The request takes no ${noun}s`
        : `${unknown}. Known ${noun}s: ${known}`;
    },
  });
  return rule === undefined ? schema : schema.superRefine(rule);
}

/** The schema of an object within a body, which refuses fields that it does not know. */
export function object<S extends Shape>(fields: S) {
  // schemaOf gives the schema of these very fields.
  return schemaOf('field', { fields }) as z.ZodType<z.output<z.ZodObject<S>>>;
}
