import type { Words } from '../words.ts';

/** What a caller can act on, as JSON. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** One way in which a request fails, as a function of the facts of the case. */
export interface Form<Facts> {
  readonly fact: (facts: Facts) => string;
  /** What to do about it; where the story fixes the sentence, the documentation alone tells it. */
  readonly remedy: (facts: Facts) => Words;
  readonly details?: (facts: Facts) => ErrorDetails;
  /** The next sensible call, for a reader that knows nothing but the answer; part of the details. */
  readonly hint?: (facts: Facts) => Words;
  /** Whether the answer leaves the remedy out: the story fixes its sentence. */
  readonly isFixed?: boolean;
  readonly example: Facts;
}

/** A code that clients branch on: stable, with the status of its answer and all its forms, each name once. */
export interface Code {
  readonly status: number;
  readonly meaning: string;
  readonly forms: Readonly<Record<string, unknown>>;
}

interface Definition<Facts> {
  readonly fact: ((facts: Facts) => string) | string;
  readonly remedy: ((facts: Facts) => Words) | Words;
  readonly details?: (facts: Facts) => ErrorDetails;
  readonly hint?: ((facts: Facts) => Words) | Words;
  readonly isFixed?: boolean;
  readonly example: Facts;
}

/** Defines a form; what does not depend on the facts may be given as it is. */
export function form<Facts>({ fact, remedy, hint, ...rest }: Definition<Facts>): Form<Facts> {
  return {
    ...rest,
    fact: typeof fact === 'function' ? fact : () => fact,
    remedy: typeof remedy === 'function' ? remedy : () => remedy,
    ...(hint === undefined ? {} : { hint: typeof hint === 'function' ? hint : () => hint }),
  };
}

/** The facts of a form that has none. */
export type NoFacts = Readonly<Record<never, never>>;

/** The first of a list in a sentence, and how many more there are. */
export function firstOf(names: readonly string[], shown: number): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return names.slice(0, shown).join(', ') + more;
}
