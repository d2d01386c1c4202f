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
  const ids = new Set(found.map(({ head }) => head.id));
  return { tasks: found.map((each) => take(each, ids)), leftOut: [...missesIn(root, forms, source)] };
}

function* tasksIn(root: Root, forms: Forms, source: Source): Generator<Found> {
  for (const node of root.children) {
    const form = forms.get(node);
    if (node.type !== 'heading') yield* tasksInList(node, forms, source);
    else if (form !== undefined) {
      const section = withoutTasks(sectionOf(node, root, forms), forms);
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
  const unfit = [...ids].filter((id) => idsIn(id)[0] !== id).toSorted((a, b) => b.length - a.length);
  if (unfit.length === 0) return idsIn(text);
  const found = new Set<string>();
  const anyOf = unfit.map((id) => id.replaceAll('.', '\\.')).join('|');
  const rest = text.replaceAll(new RegExp(`(?<![\\w-])(?:${anyOf})(?![\\w-])`, 'g'), (id) => {
    found.add(id);
    return '';
  });
  return [...idsIn(rest), ...found];
}

function namesIn({ value, items }: Entry): string[] {
  const names = items.length > 0 ? items : value.split(/[,;]/);
  return names
    .map((name) => name.replaceAll(/[*`]/g, '').trim())
    .filter((name) => name !== '' && !/^(none|-|n\/a)$/i.test(name));
}
