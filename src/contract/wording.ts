export const mustBe =
  (form: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `must be ${form}, not ${typeOf(input)}`;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What our rules add to an issue; zod's own issues are told by their code. */
export interface IssueParams {
  readonly isMissing?: boolean;
  /** The message already names its field. */
  readonly isWholeSentence?: boolean;
}

const MAX_NAMES = 10;
const MAX_NAME_LENGTH = 60;

/** Cuts a made-up name to what a reader can use. */
export function shortened(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH);
}

/** Cuts made-up names and their number: a refusal must not grow with the request. */
export function namesIn(keys: readonly string[]): string[] {
  const shown = keys.slice(0, MAX_NAMES).map(shortened);
  return keys.length > MAX_NAMES ? [...shown, `and ${keys.length - MAX_NAMES} more`] : shown;
}
