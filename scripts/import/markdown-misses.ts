import type { Root, RootContent } from 'mdast';
import { linesOf, type Source } from './markdown-entries.ts';
import { NEARLY_ID, titleOf } from './markdown-forms.ts';
import type { Forms } from './markdown-tasks.ts';

/** What its author meant for a task, but no form has: a sign before the id, or no bold. */
const NEARLY = new RegExp(`^(?:\\[.\\]|[^\\p{L}\\p{N}])*${NEARLY_ID}`, 'u');

/** Items and headings that begin with something like an id, and are no tasks. */
export function* missesIn(root: Root, forms: Forms, source: Source): Generator<string> {
  for (const node of root.children) {
    if (node.type === 'heading') {
      const title = titleOf(node, source);
      if (NEARLY.test(title) && !forms.has(node)) yield missOf(title, '### TASK-013: title');
    }
    yield* missesInList(node, forms, source);
  }
}

function* missesInList(node: RootContent, forms: Forms, source: Source): Generator<string> {
  if (node.type !== 'list') return;
  for (const item of node.children) {
    const [title = ''] = linesOf(item, source);
    // What stands below a task is of the task.
    if (forms.has(item)) continue;
    const hasBox = item.checked != null || title.startsWith('[');
    if (hasBox && NEARLY.test(title)) yield missOf(title, '- [ ] **TODO-050**: title');
    for (const child of item.children) yield* missesInList(child, forms, source);
  }
}

const missOf = (title: string, form: string) => `"${title}" is no task: it does not begin as ${form}`;
