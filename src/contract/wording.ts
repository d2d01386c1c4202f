/** Says of a value of another type what it must be and what it is. */
export const mustBe =
  (form: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `must be ${form}, not ${typeOf(input)}`;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What a rule of ours adds to an issue, for whoever tells it: zod's own issues are told by their code. */
export interface IssueParams {
  /** The value counts as missing. */
  readonly isMissing?: boolean;
  /** The message names what it speaks of. */
  readonly isWholeSentence?: boolean;
}

const MAX_NAMES = 10;
const MAX_NAME_LENGTH = 60;

/** A name that a caller made up, cut to what a reader can use. */
export function shortened(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH);
}

/** The names that a caller made up, cut to what a reader can use; a refusal must not grow with the request. */
export function namesIn(keys: readonly string[]): string[] {
  const shown = keys.slice(0, MAX_NAMES).map(shortened);
  return keys.length > MAX_NAMES ? [...shown, `and ${keys.length - MAX_NAMES} more`] : shown;
}
