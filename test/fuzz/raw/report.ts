import type { Exchange } from './message.ts';

const LONGEST_SHOWN = 1_500;

/** Shows what was sent so that a reader can send it again: one escape for each byte that is no plain text. */
export function describeExchange({ before, last, isAborted }: Exchange): string[] {
  const texts = [...before, last].map(
    ({ text }) => `  ${short(JSON.stringify(text).replaceAll(/[\x7f-\xff]/g, escaped))}`,
  );
  return [`a connection, then ${isAborted ? 'torn down' : 'half-closed'}:`, ...texts];
}

function escaped(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}

function short(text: string): string {
  const more = text.length - LONGEST_SHOWN;
  return more > 0 ? `${text.slice(0, LONGEST_SHOWN)}… and ${more} characters more` : text;
}
