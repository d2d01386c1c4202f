import { type Entry, written } from './markdown-entries.ts';

/** A name with what it is said to be, in parentheses, or after a dash or colon. */
const EXPLAINED = /^(\S+?)(?::\s+.+|\s+[-–—]\s+.+|\s+\(.*\))$/s;
const NONE = /^(?:none|nothing|n\/a|-)(?=$|\s|\.$)/i;

export interface Names {
  readonly names: readonly string[];
  /** Whether the entry says more than the names. */
  readonly hasProse: boolean;
}

/** The names of artifacts that an entry lists, a line each or between commas. */
export function namesIn({ value, items }: Entry): Names {
  const listed = items.length > 0 ? items : value.split(/[,;](?![^()]*\))/);
  const said = listed.map(plain).filter((text) => text !== '');
  const names = said.filter((text) => !NONE.test(text)).map((text) => EXPLAINED.exec(text)?.[1] ?? text);
  const isWhole = said.every((text) => (NONE.test(text) ? !/\s/.test(text) : names.includes(text)));
  return { names, hasProse: !isWhole || (items.length > 0 && value !== '') };
}

/** The one name that an entry says. */
export const nameIn = (entry: Entry): string => plain(written(entry));

const plain = (text: string): string => text.replaceAll(/[*`]/g, '').trim();
