import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import { isField, keyedLine } from './markdown-fields.ts';

/**
 * Parses Markdown as its author meant it: without comments, with a field after a list as no part of its last item, and
 * with fields above a line of hyphens as no heading. Gives the text that the nodes have their places in.
 */
export function parseMarkdown(given: string): { readonly root: Root; readonly text: string } {
  const text = separateFields(withoutComments(given.replaceAll(/\r\n?/g, '\n')));
  const root = parse(text);
  return { root: { ...root, children: root.children.map((node) => unlessOfFields(node, text)) }, text };
}

const parse = (text: string): Root =>
  fromMarkdown(text, {
    extensions: [gfmTaskListItem()],
    mdastExtensions: [gfmTaskListItemFromMarkdown()],
  });

/** Cuts the comments of HTML, with the whole line where they are alone in it. Those in code stay. */
function withoutComments(text: string): string {
  if (!text.includes('<!--')) return text;
  let rest = text;
  for (const [start, end] of htmlIn(parse(text)).toReversed()) {
    const html = rest.slice(start, end).replaceAll(/<!--.*?(?:-->|$)/gs, '');
    if (html.length === end - start) continue;
    const before = rest.slice(0, start);
    const after = rest.slice(end);
    const isLineGone = html === '' && /(?:^|\n)[ \t]*$/.test(before) && /^[ \t]*(?:\n|$)/.test(after);
    if (isLineGone) rest = before.replace(/[ \t]*$/, '') + after.replace(/^[ \t]*(?:\n|$)/, '');
    else rest = (/^\s|^$/.test(html + after) ? before.replace(/[ \t]+$/, '') : before) + html + after;
  }
  return rest;
}

/** The places of HTML in a text, from first to last. */
function htmlIn(node: Nodes): [number, number][] {
  const { start, end } = node.position ?? {};
  if (node.type === 'html' && start?.offset !== undefined && end?.offset !== undefined)
    return [[start.offset, end.offset]];
  return 'children' in node ? node.children.flatMap(htmlIn) : [];
}

const ITEM = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]/;
const FENCE = /^[ \t]*(?:```|~~~)/;

/**
 * Puts an empty line between a list and a field that follows it at once, for Markdown takes such a line for the end of
 * the last item.
 */
function separateFields(text: string): string {
  let marker: number | undefined;
  let isCode = false;
  const separated: string[] = [];
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) isCode = !isCode;
    const indentation = /^[ \t]*/.exec(line)?.[0].length ?? 0;
    const item = ITEM.exec(line);
    if (isCode || line.trim() === '') marker = undefined;
    else if (item !== null) marker = indentation;
    else if (marker !== undefined && indentation <= marker && keyedLine(line) !== undefined) {
      separated.push('');
      marker = undefined;
    }
    separated.push(line);
  }
  return separated.join('\n');
}

/** Makes a paragraph of a heading that is one only by the line below it, where that follows fields. */
function unlessOfFields(node: Root['children'][number], text: string): Root['children'][number] {
  if (node.type !== 'heading' || node.position === undefined) return node;
  const { start, end } = node.position;
  const lines = text.slice(start.offset, end.offset).split('\n');
  if (lines.length === 1 || !lines.some(isField)) return node;
  const underline = lines.at(-1)?.length ?? 0;
  const offset = (end.offset ?? 0) - underline - 1;
  return { type: 'paragraph', children: node.children, position: { start, end: { ...end, offset } } };
}
