/** What a schema says of a value that is not there; it becomes a sentence of its own. */
export const MISSING = 'is missing';

/** How what a schema says of an array ends; as the value of a parameter, that is one that was given twice. */
export const NOT_AN_ARRAY = 'not an array';

/** Says of a value of another type what it must be and what it is. */
export const mustBe =
  (form: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? MISSING : `must be ${form}, not ${typeOf(input)}`;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
