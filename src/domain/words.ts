/** Text, or something that each door names its own way: claim_task is `POST /tasks/claim` over REST. */
export type Word =
  | string
  | { readonly operation: string }
  | { readonly argument: string; readonly value?: string };

export type Words = string | readonly Word[];

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

/** For readers outside every door, such as the log. */
export const PLAIN: Vocabulary = {
  operation: (name) => name,
  argument: (name, value) => (value === undefined ? name : `${name}=${value}`),
};

/** Joins sentences with full stops; the result is plain text unless a part needs a door's words. */
export function sentences(...parts: readonly Words[]): Words {
  const words = parts.flatMap((part, index) => [
    ...(index === 0 ? [] : ['. ']),
    ...(typeof part === 'string' ? [part] : part),
  ]);
  return words.every((word) => typeof word === 'string') ? words.join('') : words;
}
