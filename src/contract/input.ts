import { z } from 'zod';
import { mustBe, namesIn } from './wording.ts';

/** What a door calls the parts of a request. */
export type Noun = 'field' | 'parameter' | 'argument';

type Shape = Readonly<Record<string, z.ZodType>>;

/** What goes into an operation: its fields, and a rule on several of them where there is one. */
export interface Input<S extends Shape = Shape> {
  readonly fields: S;
  /** Sees the fields that a door reads together, once each is right by itself. */
  readonly rule?: (fields: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx) => void;
}

/** The values of an input once it is parsed. */
export type Parsed<I extends Input> = z.output<z.ZodObject<I['fields']>>;

/**
 * The schema of some fields of an input, all unless they are named. It refuses others, naming them and listing those it
 * knows: a typo must not silently widen a query or lose a field.
 */
export function schemaOf(
  noun: Noun,
  { fields, rule }: Input,
  names: readonly string[] = Object.keys(fields),
): z.ZodType<Record<string, unknown>> {
  const known = names.join(', ');
  const shape = Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
  const schema = z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return mustBe('an object')(issue);
      const { keys } = issue;
      return `Unknown ${noun}${keys.length > 1 ? 's' : ''}: ${namesIn(keys).join(', ')}. Known ${noun}s: ${known}`;
    },
  });
  return rule === undefined ? schema : schema.superRefine(rule);
}
