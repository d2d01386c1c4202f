import type { ListItem, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import {
  idsIn,
  type ListedTask,
  priorityOf,
  type StatusTaken,
  statusOf,
  type TaskList,
} from './listed-task.ts';
import { type Entry, linesOf, readEntries, type Said, type Source, sourceOf } from './markdown-entries.ts';
import { IN_HEADING, IN_LIST, titleOf } from './markdown-forms.ts';
import { missesIn } from './markdown-misses.ts';

interface Heading {
  readonly id: string;
  readonly title: string;
  /** The box before it, or a sign of completion after it. */
  readonly isDone: boolean | undefined;
}

const DONE = /\s*[✅✔]️?\s*(?:\(?\d{4}-\d{2}-\d{2}\)?)?\s*$/u;

/**
 * Reads tasks out of Markdown: items `- [x] **TODO-050**: title` with their lines below, or headings
 * `### TASK-013: title` with what follows them. Everything else is no task.
 */
export function readTodoMd(text: string): TaskList {
  const root = fromMarkdown(text, {
    extensions: [gfmTaskListItem()],
    mdastExtensions: [gfmTaskListItemFromMarkdown()],
  });
  const source = sourceOf(text);
  return { tasks: [...tasksIn(root, source)], leftOut: [...missesIn(root, source)] };
}

function* tasksIn(root: Root, source: Source): Generator<ListedTask> {
  for (const [index, node] of root.children.entries()) {
    if (node.type === 'heading') {
      const heading = headingOf(titleOf(node, source), IN_HEADING, undefined);
      if (heading === undefined) continue;
      const section = sectionAfter(root.children, index, node.depth);
      yield take(
        heading,
        readEntries(
          section.filter((each) => !hasTasks(each, source)),
          source,
        ),
      );
    } else {
      for (const item of itemsIn(node)) {
        const task = taskOf(item, source);
        if (task !== undefined) yield task;
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

function taskOf(item: ListItem, source: Source): ListedTask | undefined {
  const [title = '', ...lines] = linesOf(item, source);
  const heading = headingOf(title, IN_LIST, item.checked ?? undefined);
  if (heading === undefined) return undefined;
  const said = readEntries(
    item.children.slice(1).filter((node) => !hasTasks(node, source)),
    source,
  );
  return take(heading, { ...said, text: [...lines, ...said.text] });
}

/** Whether a list holds tasks of their own. */
function hasTasks(node: RootContent, source: Source): boolean {
  return node.type === 'list' && node.children.some((item) => IN_LIST.test(linesOf(item, source).join('\n')));
}

function headingOf(line: string, form: RegExp, box: boolean | undefined): Heading | undefined {
  const [, id, rest] = form.exec(line) ?? [];
  if (id === undefined || rest === undefined) return undefined;
  const title = rest.replace(DONE, '');
  return { id, title: title === '' ? id : title, isDone: title === rest ? box : true };
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

function take({ id, title, isDone }: Heading, { entries, text }: Said): ListedTask {
  const of = (field: Field) => entries.filter(({ key }) => fieldOf(key) === field);
  const listOf = (field: Field) => [...new Set(of(field).flatMap(namesIn))];
  const { status, remarks, isOfWhatItMakes } = stateOf(isDone, of('status'));
  const priorities = of('priority').map(({ value }) => priorityOf(value));
  const kept = entries.filter(({ key, value }) => {
    const field = fieldOf(key);
    return (
      field === undefined ||
      field === 'needs' ||
      (field === 'status' && (isOfWhatItMakes || /\d|\n/.test(value)))
    );
  });
  return {
    id,
    description: [title, ...of('description').map(written)].join('\n\n'),
    status,
    needs: idsIn(of('needs').map(written).join('\n'))
      .filter((need) => need !== id)
      .map((need) => ({ id: need })),
    priority: priorities.find((priority) => priority !== undefined),
    generator_name: of('generator').map(written)[0],
    inputs: listOf('inputs'),
    expected_outputs: listOf('outputs'),
    notes: [
      ...kept.map((entry) => `${entry.key}: ${written(entry)}`),
      ...text.filter((line) => line.trim() !== ''),
    ],
    remarks: priorities.includes(undefined) ? [...remarks, 'Its priority is not known'] : remarks,
  };
}

function fieldOf(key: string): Field | undefined {
  const word = key.toLowerCase();
  return Object.hasOwn(FIELDS, word) ? FIELDS[word] : undefined;
}

function written({ value, items }: Entry): string {
  return [value, ...items.map((item) => `- ${item}`)].filter((line) => line !== '').join('\n');
}

function namesIn({ value, items }: Entry): string[] {
  const names = items.length > 0 ? items : value.split(/[,;]/);
  return names
    .map((name) => name.replaceAll(/[*`]/g, '').trim())
    .filter((name) => name !== '' && !/^(none|-|n\/a)$/i.test(name));
}

/** The status line goes before the box, for it says more. One that no task can have is that of what the task makes. */
function stateOf(
  isDone: boolean | undefined,
  lines: readonly Entry[],
): { status: StatusTaken['status']; remarks: string[]; isOfWhatItMakes: boolean } {
  const byBox = isDone === true ? 'completed' : 'pending';
  const [line] = lines;
  const said = line === undefined ? undefined : statusOf(line.value.split('\n')[0] ?? '');
  if (line === undefined || said === undefined)
    return { status: byBox, remarks: [], isOfWhatItMakes: line !== undefined };
  const disagrees = isDone !== undefined && isDone !== (said.status === 'completed');
  return {
    status: said.status,
    remarks: [
      ...(said.remark === undefined ? [] : [said.remark]),
      ...(disagrees
        ? [`Its box says ${isDone ? 'done' : 'not done'}, its status ${line.value}; the status is taken`]
        : []),
    ],
    isOfWhatItMakes: false,
  };
}
