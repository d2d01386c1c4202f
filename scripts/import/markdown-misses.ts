import type { Root, RootContent } from 'mdast';
import { linesOf, type Source } from './markdown-entries.ts';
import { BOX, isNearlyHeading, NEARLY_ID, titleOf } from './markdown-forms.ts';
import { type Forms, sectionOf } from './markdown-tasks.ts';

/** What its author meant for a task, but no form has: a sign before the id, or no bold. */
const NEARLY = new RegExp(`^(?:${BOX}|[^\\p{L}\\p{N}])*${NEARLY_ID}`, 'u');
const HAS_BOX = new RegExp(`^${BOX}`);
const BOLD = new RegExp(`^(?:${BOX}|[^\\p{L}\\p{N}*_])*(?:\\*\\*|__)`, 'u');

/** Items and headings that begin as a task might, and are none. */
export function* missesIn(root: Root, forms: Forms, source: Source): Generator<string> {
  /** What stands below a task is of the task, unless it begins with an id. */
  const ofTasks = new Set(
    root.children.flatMap((node) =>
      node.type === 'heading' && forms.has(node) ? sectionOf(node, { root, forms, source }) : [],
    ),
  );
  for (const node of root.children) {
    if (node.type === 'heading') {
      const title = titleOf(node, source);
      if (isNearlyHeading(title) && !forms.has(node)) yield missOf(title, '### TASK-013: title');
    }
    yield* missesBelow(node, { forms, source, patterns: ofTasks.has(node) ? [NEARLY] : [NEARLY, BOLD] });
  }
}

interface Search {
  readonly forms: Forms;
  readonly source: Source;
  readonly patterns: readonly RegExp[];
}

function* missesBelow(node: RootContent, search: Search): Generator<string> {
  const { forms, source, patterns } = search;
  if (node.type === 'blockquote') for (const child of node.children) yield* missesBelow(child, search);
  if (node.type !== 'list') return;
  for (const item of node.children) {
    // What stands below a task is of the task.
    if (forms.has(item)) continue;
    const [title = ''] = linesOf(item, source);
    const hasBox = item.checked != null || HAS_BOX.test(title);
    if (hasBox && patterns.some((pattern) => pattern.test(title)))
      yield missOf(title, '- [ ] **TODO-050**: title');
    for (const child of item.children) yield* missesBelow(child, search);
  }
}

const missOf = (title: string, form: string) => `"${title}" is no task: it does not begin as ${form}`;
