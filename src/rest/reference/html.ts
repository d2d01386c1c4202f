import { html } from 'hono/html';

export { html };

/** A piece of the page, in which every text of the document is escaped. */
export type Html = ReturnType<typeof html>;

export function joined(pieces: readonly Html[], between: string): Html {
  return html`${pieces.map((piece, index) => (index === 0 ? piece : html`${between}${piece}`))}`;
}

/** Names of fields, codes and statuses, and paths, which the prose of the document does not mark. */
const NAMES = /(\b[a-z]+(?:_[a-z]+)+\b|(?<=^| )\/[a-z]+\b|\b[A-Z][a-z]+(?:-[A-Z][a-z]+)+\b)/;

/** A text of the document with the names in it set as code. */
export function prose(text: string): Html {
  return html`${text.split(NAMES).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** A text of the document as a sentence of its own: most of its descriptions lack the full stop. */
export function sentence(text: string): Html {
  return html`${prose(text)}${text.endsWith('.') ? '' : '.'}`;
}

/** JSON as the page shows it. */
export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
