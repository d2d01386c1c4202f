/**
 * What a sentence is made of: text, or something that each door names in its own way, such as `POST /tasks/claim` over
 * REST for the operation claim_task.
 */
export type Word =
  | string
  | { readonly operation: string }
  | { readonly argument: string; readonly value?: string };

export type Words = string | readonly Word[];

/** How a door names operations and their arguments. */
export interface Vocabulary {
  readonly operation: (name: string) => string;
  readonly argument: (name: string, value?: string) => string;
}

/** Puts words into the vocabulary of a door. */
export function inVocabulary(words: Words, vocabulary: Vocabulary): string {
  if (typeof words === 'string') return words;
  return words
    .map((word) => {
      if (typeof word === 'string') return word;
      return 'operation' in word
        ? vocabulary.operation(word.operation)
        : vocabulary.argument(word.argument, word.value);
    })
    .join('');
}

/** The names as they are, for whoever speaks to no door: the log, for instance. */
export const PLAIN: Vocabulary = {
  operation: (name) => name,
  argument: (name, value) => (value === undefined ? name : `${name}=${value}`),
};

/** Joins sentences that may have words of a door in them. */
export function sentences(...parts: readonly Words[]): Words {
  const words = parts.flatMap((part, index) => [
    ...(index === 0 ? [] : ['. ']),
    ...(typeof part === 'string' ? [part] : part),
  ]);
  return words.every((word) => typeof word === 'string') ? words.join('') : words;
}
