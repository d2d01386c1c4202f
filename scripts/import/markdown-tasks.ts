import type { Heading, ListItem, Root, RootContent } from 'mdast';
import { linesOf, type Source } from './markdown-entries.ts';
import { fieldOf, keyedLine } from './markdown-fields.ts';
import { type Form, formOfHeading, formOfItem, isNearlyHeading, titleOf } from './markdown-forms.ts';

/** The headings and items that are tasks, and how each begins. */
export type Forms = ReadonlyMap<RootContent, Form>;

/** Finds the tasks among the headings, and the items of lists at every depth. */
export function formsIn({ children }: Root, source: Source): Forms {
  const headings = children.flatMap((node): [Heading, Form][] => {
    const form = node.type === 'heading' ? formOfHeading(titleOf(node, source)) : undefined;
    return node.type === 'heading' && form !== undefined ? [[node, form]] : [];
  });
  return new Map<RootContent, Form>([...headings, ...itemsIn(children, source)]);
}

interface Place {
  readonly isInItem: boolean;
  /** Whether a field is above, so that an item without a box is a value of it, however it begins. */
  readonly isInField: boolean;
}

function* itemsIn(
  nodes: readonly RootContent[],
  source: Source,
  { isInItem, isInField }: Place = { isInItem: false, isInField: false },
): Generator<[ListItem, Form]> {
  for (const [index, node] of nodes.entries()) {
    if (node.type !== 'list') continue;
    const areValues = isInField || opensField(nodes[index - 1], source, isInItem);
    for (const item of node.children) {
      const [title = ''] = linesOf(item, source);
      const isValue = areValues && item.checked == null;
      const form = isValue ? undefined : formOfItem(item, title);
      if (form !== undefined) yield [item, form];
      yield* itemsIn(item.children, source, { isInItem: true, isInField: isValue });
    }
  }
}

/** Whether a list after a node has the values of a field. In an item, the key may have a value beside it as well. */
function opensField(node: RootContent | undefined, source: Source, isInItem: boolean): boolean {
  if (node?.type !== 'paragraph') return false;
  const lines = source(node).split('\n');
  const { key = '', value } = keyedLine(lines.at(-1) ?? '') ?? {};
  return fieldOf(key) !== undefined && (value === '' || (isInItem && lines.length === 1));
}

interface Tasks {
  readonly root: Root;
  readonly forms: Forms;
  readonly source: Source;
}

/** What follows a heading that is a task: up to the next that is no smaller, or is meant for a task itself. */
export function sectionOf(heading: Heading, { root, forms, source }: Tasks): RootContent[] {
  const rest = root.children.slice(root.children.indexOf(heading) + 1);
  const isTask = (node: Heading) => forms.has(node) || isNearlyHeading(titleOf(node, source));
  const end = rest.findIndex(
    (node) => node.type === 'heading' && (node.depth <= heading.depth || isTask(node)),
  );
  return end === -1 ? rest : rest.slice(0, end);
}

/** The nodes without the items that are tasks of their own, at every depth of their lists. */
export function withoutTasks<Node extends RootContent>(nodes: readonly Node[], forms: Forms): Node[] {
  return nodes.flatMap((node) => {
    if (node.type !== 'list') return [node];
    const children = node.children
      .filter((item) => !forms.has(item))
      .map((item) => ({ ...item, children: withoutTasks(item.children, forms) }));
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}
