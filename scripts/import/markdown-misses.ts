import type { Root, RootContent } from 'mdast';
import { linesOf, type Source } from './markdown-entries.ts';
import { formOfHeading, formOfItem, NEARLY_ID, titleOf } from './markdown-forms.ts';

/** What its author meant for a task, but no form has: a sign before the id, or no bold. */
const NEARLY = new RegExp(`^(?:\\[.\\]|[^\\p{L}\\p{N}])*${NEARLY_ID}`, 'u');

/** Items and headings that begin with something like an id, and are no tasks. */
export function* missesIn(root: Root, source: Source): Generator<string> {
  for (const node of root.children) {
    if (node.type === 'heading') {
      const title = titleOf(node, source);
      if (NEARLY.test(title) && formOfHeading(title) === undefined)
        yield missOf(title, '### TASK-013: title');
    }
    yield* missesInList(node, source);
  }
}

function* missesInList(node: RootContent, source: Source): Generator<string> {
  if (node.type !== 'list') return;
  for (const item of node.children) {
    const [title = ''] = linesOf(item, source);
    // What stands below a task is of the task.
    if (formOfItem(item, title) !== undefined) continue;
    const hasBox = item.checked != null || title.startsWith('[');
    if (hasBox && NEARLY.test(title)) yield missOf(title, '- [ ] **TODO-050**: title');
    for (const child of item.children) yield* missesInList(child, source);
  }
}

const missOf = (title: string, form: string) => `"${title}" is no task: it does not begin as ${form}`;
