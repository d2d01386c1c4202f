import type { Words } from '../words.ts';

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface Form<Facts> {
  readonly fact: (facts: Facts) => string;
  /** Only the documentation shows it where `isFixed`. */
  readonly remedy: (facts: Facts) => Words;
  readonly details?: (facts: Facts) => ErrorDetails;
  /** The next call, for a reader that knows only the answer; part of the details. */
  readonly hint?: Words;
  /** The story fixes the sentence, so the answer leaves the remedy out. */
  readonly isFixed?: boolean;
  /** The fact has the remedy in it. */
  readonly isComplete?: boolean;
  readonly example: Facts;
}

/** A stable code that clients branch on. Across all codes, each form has a name of its own. */
export interface Code {
  readonly status: number;
  readonly meaning: string;
  readonly forms: Readonly<Record<string, unknown>>;
}

interface Definition<Facts> {
  readonly fact: ((facts: Facts) => string) | string;
  readonly remedy: ((facts: Facts) => Words) | Words;
  readonly details?: (facts: Facts) => ErrorDetails;
  readonly hint?: Words;
  readonly isFixed?: boolean;
  readonly isComplete?: boolean;
  readonly example: Facts;
}

/** Defines a form; what ignores the facts may be plain words. */
export function form<Facts>({ fact, remedy, ...rest }: Definition<Facts>): Form<Facts> {
  return {
    ...rest,
    fact: typeof fact === 'function' ? fact : () => fact,
    remedy: typeof remedy === 'function' ? remedy : () => remedy,
  };
}

export type NoFacts = Readonly<Record<never, never>>;

/** Joins the first names, and says how many more there are. */
export function firstOf(names: readonly string[], shown: number): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return names.slice(0, shown).join(', ') + more;
}
