import type { ListItem, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import { idsIn, type ListedTask, priorityOf, type TaskList } from './listed-task.ts';
import {
  type Entry,
  linesOf,
  readEntries,
  type Said,
  type Source,
  separateFields,
  sourceOf,
  written,
} from './markdown-entries.ts';
import { type Form, formOfHeading, formOfItem, NEARLY_ID, titleOf } from './markdown-forms.ts';
import { missesIn } from './markdown-misses.ts';
import { type Head, headOf, stateOf } from './markdown-state.ts';

/** A task before it is known which ids the list has. */
interface Found {
  readonly head: Head;
  readonly said: Said;
}

/**
 * Reads tasks out of Markdown: items `- [x] **TODO-050**: title` with their lines below, or headings
 * `### TASK-013: title` with what follows them. Everything else is no task.
 */
export function readTodoMd(given: string): TaskList {
  const text = separateFields(given);
  const root = fromMarkdown(text, {
    extensions: [gfmTaskListItem()],
    mdastExtensions: [gfmTaskListItemFromMarkdown()],
  });
  const source = sourceOf(text);
  const found = [...tasksIn(root, source)];
  const ids = new Set(found.map(({ head }) => head.id));
  return { tasks: found.map((each) => take(each, ids)), leftOut: [...missesIn(root, source)] };
}

function* tasksIn(root: Root, source: Source): Generator<Found> {
  for (const [index, node] of root.children.entries()) {
    if (node.type === 'heading') {
      const form = formOfHeading(titleOf(node, source));
      if (form === undefined) continue;
      const section = sectionAfter(root.children, index, node.depth).filter(
        (each) => !hasTasks(each, source),
      );
      yield { head: headOf(form, undefined), said: readEntries(section, source, []) };
    } else {
      for (const item of itemsIn(node)) {
        const [title = '', ...lines] = linesOf(item, source);
        const form = formOfItem(item, title);
        if (form !== undefined) yield foundIn(item, form, lines, source);
      }
    }
  }
}

/** What follows a heading up to the next that is no smaller, without the tasks that are items in it. */
function sectionAfter(nodes: readonly RootContent[], index: number, depth: number): RootContent[] {
  const rest = nodes.slice(index + 1);
  const end = rest.findIndex((node) => node.type === 'heading' && node.depth <= depth);
  return end === -1 ? rest : rest.slice(0, end);
}

/** The items of a list at every depth, those of a task excepted. */
function* itemsIn(node: RootContent): Generator<ListItem> {
  if (node.type !== 'list') return;
  for (const item of node.children) {
    yield item;
    for (const child of item.children) yield* itemsIn(child);
  }
}

function foundIn(item: ListItem, form: Form, lines: readonly string[], source: Source): Found {
  const below = item.children.slice(1).filter((node) => !hasTasks(node, source));
  return { head: headOf(form, item.checked ?? undefined), said: readEntries(below, source, lines) };
}

/** Whether a list holds tasks of their own. */
function hasTasks(node: RootContent, source: Source): boolean {
  const isTask = (item: ListItem) => formOfItem(item, linesOf(item, source).join('\n')) !== undefined;
  return node.type === 'list' && node.children.some(isTask);
}

type Field = 'status' | 'priority' | 'needs' | 'inputs' | 'outputs' | 'generator' | 'description';

/** THE table of the keys that say something to this service; the value of any other becomes a note. */
const FIELDS: Readonly<Record<string, Field>> = {
  status: 'status',
  priority: 'priority',
  dependencies: 'needs',
  'depends on': 'needs',
  'blocked by': 'needs',
  'input data': 'inputs',
  inputs: 'inputs',
  input: 'inputs',
  'output data': 'outputs',
  outputs: 'outputs',
  output: 'outputs',
  'expected outputs': 'outputs',
  deliverables: 'outputs',
  generator: 'generator',
  description: 'description',
};

function take({ head, said: { entries, text } }: Found, ids: ReadonlySet<string>): ListedTask {
  const { id, title } = head;
  const of = (field: Field) => entries.filter(({ key }) => fieldOf(key) === field);
  const listOf = (field: Field) => [...new Set(of(field).flatMap(namesIn))];
  const { status, remarks, notes, waitsFor } = stateOf(head, of('status'));
  const priorities = of('priority').map(({ value }) => priorityOf(value));
  const kept = entries.filter(({ key, value }) => {
    const field = fieldOf(key);
    return field === undefined || field === 'needs' || (field === 'priority' && /\S\s+\S/.test(value));
  });
  return {
    id,
    description: [title, ...of('description').map(written)].join('\n\n'),
    status,
    needs: neededIn([...of('needs').map(written), waitsFor].join('\n'), ids)
      .filter((need) => need !== id)
      .map((need) => ({ id: need })),
    priority: priorities.find((priority) => priority !== undefined),
    generator_name: of('generator').map(written)[0],
    inputs: listOf('inputs'),
    expected_outputs: listOf('outputs'),
    notes: [
      ...notes,
      ...kept.map((entry) => `${entry.key}: ${written(entry)}`),
      ...text.filter((line) => line.trim() !== ''),
    ],
    remarks: priorities.includes(undefined) ? [...remarks, 'Its priority is not known'] : remarks,
  };
}

/** The ids within a text, those included that fit no form but are in the list. */
function neededIn(text: string, ids: ReadonlySet<string>): string[] {
  const unfit: string[] = [];
  const rest = text.replaceAll(new RegExp(`(?<![\\w-])${NEARLY_ID}(?![\\w-])`, 'g'), (word) => {
    if (!ids.has(word) || idsIn(word)[0] === word) return word;
    unfit.push(word);
    return '';
  });
  return [...idsIn(rest), ...new Set(unfit)];
}

function fieldOf(key: string): Field | undefined {
  const word = key.toLowerCase();
  return Object.hasOwn(FIELDS, word) ? FIELDS[word] : undefined;
}

function namesIn({ value, items }: Entry): string[] {
  const names = items.length > 0 ? items : value.split(/[,;]/);
  return names
    .map((name) => name.replaceAll(/[*`]/g, '').trim())
    .filter((name) => name !== '' && !/^(none|-|n\/a)$/i.test(name));
}
