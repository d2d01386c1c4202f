import type { List, ListItem, Nodes, RootContent } from 'mdast';
import { keyedLine } from './markdown-fields.ts';

/** What a task says of itself: `Key: value`, or a key with a list below it. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly items: readonly string[];
}

export interface Said {
  readonly entries: readonly Entry[];
  /** Everything else, a line each. */
  readonly text: readonly string[];
}

export type Source = (node: Nodes) => string;

/** Gives the text of a node as it was written, without its indentation. */
export function sourceOf(text: string): Source {
  return ({ position }) => {
    const { start, end } = position ?? { start: { offset: 0 }, end: { offset: 0 } };
    return text.slice(start.offset, end.offset).replaceAll(/\n[ \t]+/g, '\n');
  };
}

/** Reads what follows the title of a task: the lines of its own paragraph, then the nodes after it. */
export function readEntries(nodes: readonly RootContent[], source: Source, lines: readonly string[]): Said {
  const entries: Entry[] = [];
  const text: string[] = [];
  /** The key that a list may follow. */
  let open: string | undefined;
  const close = () => {
    if (open !== undefined) entries.push({ key: open, value: '', items: [] });
    open = undefined;
  };
  const readLine = (line: string, items: readonly string[] = []) => {
    close();
    const { key, value } = keyedLine(line) ?? { key: undefined, value: '' };
    if (key === undefined) text.push(line, ...items.map((item) => `- ${item}`));
    else if (value === '' && items.length === 0) open = key;
    else entries.push({ key, value, items });
  };
  const readParagraph = (lines: readonly string[]) => {
    const starts = lines.flatMap((line, index) =>
      index === 0 || keyedLine(line) !== undefined ? [index] : [],
    );
    for (const [order, start] of starts.entries()) readLine(lines.slice(start, starts[order + 1]).join('\n'));
  };
  readParagraph(lines);
  for (const node of nodes) {
    // What looks like a field in code is none.
    if (node.type === 'code') readLine(source(node));
    else if (node.type !== 'list') readParagraph(source(node).split('\n'));
    else if (open !== undefined) {
      entries.push({
        key: open,
        value: '',
        items: itemsOf(node, source),
      });
      open = undefined;
    } else {
      for (const item of node.children) readLine(linesOf(item, source).join('\n'), itemsBelow(item, source));
    }
  }
  close();
  return { entries, text };
}

/** The value of an entry, with its items a line each. */
export function written({ value, items }: Entry): string {
  return [value, ...items.map((item) => `- ${item}`)].filter((line) => line !== '').join('\n');
}

const BOX = /^\[[ xX]\]\s+/;

/** The text of a list's item without its box and the lists below it, line by line. */
export function linesOf(item: ListItem, source: Source): string[] {
  const [first] = item.children;
  return first === undefined || first.type === 'list' ? [] : source(first).replace(BOX, '').split('\n');
}

/** The texts of a list's items at every depth, and of what else is in them. */
function itemsOf({ children }: List, source: Source): string[] {
  return children.flatMap((item) => [linesOf(item, source).join(' '), ...itemsBelow(item, source)]);
}

function itemsBelow({ children }: ListItem, source: Source): string[] {
  const below = children[0]?.type === 'list' ? children : children.slice(1);
  return below.flatMap((child) => (child.type === 'list' ? itemsOf(child, source) : [source(child)]));
}
