import type { Root, RootContent } from 'mdast';
import { idsIn, type ListedTask, priorityOf, type TaskList } from './listed-task.ts';
import {
  type Entry,
  linesOf,
  readEntries,
  type Said,
  type Source,
  sourceOf,
  written,
} from './markdown-entries.ts';
import { type Field, fieldOf } from './markdown-fields.ts';
import { missesIn } from './markdown-misses.ts';
import { nameIn, namesIn } from './markdown-names.ts';
import { type Head, headOf, stateOf } from './markdown-state.ts';
import { type Forms, formsIn, sectionOf, withoutTasks } from './markdown-tasks.ts';
import { parseMarkdown } from './markdown-text.ts';

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
  const { root, text } = parseMarkdown(given);
  const source = sourceOf(text);
  const forms = formsIn(root, source);
  const found = [...tasksIn(root, forms, source)];
  const idsOf = idsFinder(new Set(found.map(({ head }) => head.id)));
  return { tasks: found.map((each) => take(each, idsOf)), leftOut: [...missesIn(root, forms, source)] };
}

function* tasksIn(root: Root, forms: Forms, source: Source): Generator<Found> {
  for (const node of root.children) {
    const form = forms.get(node);
    if (node.type !== 'heading') yield* tasksInList(node, forms, source);
    else if (form !== undefined) {
      const section = withoutTasks(sectionOf(node, { root, forms, source }), forms);
      yield { head: headOf(form, undefined), said: readEntries(section, source, []) };
    }
  }
}

/** The tasks of a list at every depth. */
function* tasksInList(node: RootContent, forms: Forms, source: Source): Generator<Found> {
  if (node.type !== 'list') return;
  for (const item of node.children) {
    const form = forms.get(item);
    if (form !== undefined) {
      const below = withoutTasks(item.children.slice(1), forms);
      const said = readEntries(below, source, linesOf(item, source).slice(1));
      yield { head: headOf(form, item.checked ?? undefined), said };
    }
    for (const child of item.children) yield* tasksInList(child, forms, source);
  }
}

function take({ head, said: { entries, text } }: Found, idsOf: (text: string) => string[]): ListedTask {
  const { id, title } = head;
  const of = (field: Field) => entries.filter(({ key }) => fieldOf(key) === field);
  const listOf = (field: Field) => [...new Set(of(field).flatMap((entry) => namesIn(entry).names))];
  const state = stateOf(
    head,
    of('status').map((entry) => ({ key: entry.key, value: written(entry) })),
  );
  const priorities = of('priority').map(written);
  const priority = priorities.map(priorityOf).find((known) => known !== undefined);
  const generator = of('generator')
    .map(nameIn)
    .find((name) => name !== '');
  return {
    id,
    description: [title, ...of('description').map(written)].join('\n\n'),
    status: state.status,
    needs: idsOf([...of('needs').map(written), state.waitsFor].join('\n'))
      .filter((need) => need !== id)
      .map((need) => ({ id: need })),
    priority,
    generator_name: generator,
    inputs: listOf('inputs'),
    expected_outputs: listOf('outputs'),
    notes: [
      ...state.notes,
      ...keptOf(entries, { priority, generator }).map((entry) => `${entry.key}: ${written(entry)}`),
      ...text.filter((line) => line.trim() !== ''),
    ],
    remarks: [
      ...state.remarks,
      ...of('priority')
        .filter(isUnknown)
        .map((entry) => `Its priority "${written(entry)}" is not known`),
    ],
  };
}

/** The entries that say more than the fields which are made of them. */
function keptOf(
  entries: readonly Entry[],
  { priority, generator }: Readonly<Record<'priority' | 'generator', unknown>>,
): Entry[] {
  const saysMore: Readonly<Record<Field, (entry: Entry) => boolean>> = {
    status: () => false,
    description: () => false,
    needs: () => true,
    priority: (entry) =>
      isUnknown(entry) || /\S\s+\S/.test(written(entry)) || priorityOf(written(entry)) !== priority,
    inputs: (entry) => namesIn(entry).hasProse,
    outputs: (entry) => namesIn(entry).hasProse,
    generator: (entry) => nameIn(entry) !== '' && nameIn(entry) !== generator,
  };
  return entries.filter((entry) => {
    const field = fieldOf(entry.key);
    return field === undefined || saysMore[field](entry);
  });
}

/** Whether a priority is none that this service knows. */
const isUnknown = (entry: Entry): boolean => priorityOf(written(entry)) === undefined;

/** Makes what finds the ids within a text, those included that fit no form but are in the list. */
function idsFinder(ids: ReadonlySet<string>): (text: string) => string[] {
  const unfit = [...ids].filter((id) => idsIn(id)[0] !== id).toSorted((a, b) => b.length - a.length);
  if (unfit.length === 0) return idsIn;
  const anyOf = unfit.map((id) => id.replaceAll('.', '\\.')).join('|');
  const pattern = new RegExp(`(?<![\\w-])(?:${anyOf})(?![\\w-])`, 'g');
  return (text) => [...idsIn(text.replaceAll(pattern, '')), ...new Set(text.match(pattern))];
}
