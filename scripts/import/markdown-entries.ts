import type { List, ListItem, Nodes, RootContent } from 'mdast';

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

const KEY = /^\*{0,2}([A-Z][A-Za-z /]{0,40}?)(?:\*{2}:|:\*{2}|:)(?:\s+(.*))?$/s;

/** Reads what follows the title of a task. */
export function readEntries(nodes: readonly RootContent[], source: Source): Said {
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
    const [, key, value = ''] = KEY.exec(line.trim()) ?? [];
    if (key === undefined) text.push(line, ...items.map((item) => `- ${item}`));
    else if (value === '' && items.length === 0) open = key;
    else entries.push({ key, value, items });
  };
  const readParagraph = (lines: readonly string[]) => {
    const starts = lines.flatMap((line, index) => (index === 0 || KEY.test(line.trim()) ? [index] : []));
    for (const [order, start] of starts.entries()) readLine(lines.slice(start, starts[order + 1]).join('\n'));
  };
  for (const node of nodes) {
    if (node.type !== 'list') readParagraph(source(node).split('\n'));
    else if (open !== undefined) {
      entries.push({
        key: open,
        value: '',
        items: node.children.map((item) => linesOf(item, source).join(' ')),
      });
      open = undefined;
    } else {
      for (const item of node.children) readLine(linesOf(item, source).join('\n'), itemsBelow(item, source));
    }
  }
  close();
  return { entries, text };
}

const BOX = /^\[[ xX]\]\s+/;

/** The text of a list's item without its box and the lists below it, line by line. */
export function linesOf(item: ListItem, source: Source): string[] {
  const [first] = item.children;
  return first === undefined || first.type === 'list' ? [] : source(first).replace(BOX, '').split('\n');
}

function itemsBelow(item: ListItem, source: Source): string[] {
  const lists = item.children.filter((child): child is List => child.type === 'list');
  return lists.flatMap(({ children }) => children.map((child) => linesOf(child, source).join(' ')));
}
