import { cycleIn } from '../../src/domain/graph.ts';
import { LIMITS, TASK_ID_PATTERN } from '../../src/domain/task.ts';
import { Problem } from '../local/problem.ts';
import type { ListedNeed, ListedTask, NamedTask, TaskList } from './listed-task.ts';

export interface Options {
  readonly project: string;
  /** Whether a task whose id does not fit, or is another's, gets the next free one of its prefix. */
  readonly renumber: boolean;
  /** That of new ids where the list's have none. */
  readonly prefix: string;
}

/** What is sent, in an order in which no task comes before one that it needs. */
export interface Prepared {
  readonly tasks: readonly NamedTask[];
  readonly remarks: readonly Remark[];
  readonly leftOut: readonly string[];
  readonly renumbered: number;
}

export interface Remark {
  readonly task_id: string;
  readonly text: string;
}

interface Numbered {
  readonly task: ListedTask;
  readonly id: string;
}

/** Gives each task its id and what it needs. Throws a Problem where tasks wait for each other. */
export function prepare(list: TaskList, options: Options): Prepared {
  const { numbered, leftOut, renumbered } = number(list.tasks, options);
  // Of an id that came twice, needs mean the first.
  const idOf = new Map(numbered.toReversed().map(({ task, id }) => [task.id, id]));
  const remarks: Remark[] = [];
  const tasks = inOrder(
    numbered.map(({ task, id }) => {
      const needs = task.needs.filter((need) => idOf.has(need.id)).slice(0, 100);
      const lost = task.needs.filter((need) => !needs.includes(need)).map((need) => need.id);
      const unknown =
        lost.length === 0 ? [] : [`It needs ${lost.join(', ')}, which the list does not have; not taken`];
      const origin = task.id === id ? [] : [`Was ${task.id} in the list`];
      const remark = (text: string) => remarks.push({ task_id: id, text });
      for (const text of [...task.remarks, ...unknown, ...origin]) remark(text);
      return toNewTask(task, {
        id,
        project: options.project,
        needs,
        idOf,
        notes: [...origin, ...task.remarks, ...task.notes],
        remark,
      });
    }),
  );
  return { tasks, remarks, leftOut: [...list.leftOut, ...leftOut], renumbered };
}

/** What comes before the last hyphen of an id; undefined where it is none. */
const prefixOf = (id: string) => (TASK_ID_PATTERN.test(id) ? id.slice(0, id.lastIndexOf('-')) : undefined);

/** A task that comes again with the same text is the same. */
function number(tasks: readonly ListedTask[], { renumber, prefix }: Options) {
  const fits = (id: string) => TASK_ID_PATTERN.test(id) && id.length <= LIMITS.taskIdCharacters;
  const taken = new Map<string, ListedTask>();
  const free = freeIds(tasks.map(({ id }) => id));
  const numbered: Numbered[] = [];
  const leftOut: string[] = [];
  let renumbered = 0;
  for (const task of tasks) {
    const id = fits(task.id) ? task.id : task.id.toUpperCase();
    const other = taken.get(id);
    if (other?.description === task.description) {
      leftOut.push(`${task.id} comes again with the same text`);
    } else if (fits(id) && other === undefined) {
      taken.set(id, task);
      numbered.push({ task, id });
    } else if (renumber) {
      const next = free(prefixOf(id) ?? prefix);
      numbered.push({ task, id: next });
      renumbered += 1;
    } else {
      const why =
        other === undefined ? 'does not fit the form of ids, as TASK-051' : 'comes twice for different work';
      leftOut.push(`${task.id} ${why}: pass --renumber to give it another`);
    }
  }
  return { numbered, leftOut, renumbered };
}

/** Gives out ids past every one of the list, three digits at least. */
function freeIds(ids: readonly string[]): (prefix: string) => string {
  const last = new Map<string, number>();
  for (const id of ids) {
    const [, prefix, digits] = /^(.+)-([0-9]+)$/.exec(id.toUpperCase()) ?? [];
    if (prefix !== undefined) last.set(prefix, Math.max(last.get(prefix) ?? 0, Number(digits)));
  }
  return (prefix) => {
    const next = (last.get(prefix) ?? 0) + 1;
    last.set(prefix, next);
    return `${prefix}-${String(next).padStart(3, '0')}`;
  };
}

interface Taken {
  readonly id: string;
  readonly project: string;
  readonly needs: readonly ListedNeed[];
  readonly idOf: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly remark: (text: string) => void;
}

function toNewTask(task: ListedTask, { id, project, needs, idOf, notes, remark }: Taken): NamedTask {
  const cut = (text: string, most: number, what: string) => {
    const characters = [...text];
    if (characters.length <= most) return text;
    remark(`Its ${what} was cut to ${most} characters`);
    return `${characters.slice(0, most - 1).join('')}…`;
  };
  const names = (given: readonly string[] = []) => {
    const short = given
      .filter((name) => name.length <= LIMITS.artifactCharacters)
      .slice(0, LIMITS.artifactsPerList);
    if (short.length < given.length)
      remark('Names of its artifacts that are too long or too many were left out');
    return short;
  };
  return {
    task_id: id,
    project_id: project,
    description: cut(task.description, LIMITS.descriptionCharacters, 'description'),
    status: task.status,
    ...(task.priority === undefined ? {} : { priority: task.priority }),
    ...(task.generator_name
      ? { generator_name: cut(task.generator_name, LIMITS.generatorNameCharacters, 'generator') }
      : {}),
    ...(task.not_before === undefined ? {} : { not_before: task.not_before }),
    inputs: names(task.inputs),
    expected_outputs: names(task.expected_outputs),
    ...(notes.length === 0 ? {} : { context_notes: cut(notes.join('\n'), LIMITS.notesCharacters, 'notes') }),
    needs: needs.map(({ id: need, ...terms }) => ({ task_id: idOf.get(need) ?? need, ...terms })),
    ...task.limits,
  };
}

type NeedGiven = NonNullable<NamedTask['needs']>[number];

const neededBy = (need: NeedGiven) => (typeof need === 'string' ? need : need.task_id);

/** Needed tasks first, otherwise as listed, since a batch may need only what exists or comes with it. */
function inOrder(tasks: readonly NamedTask[]): NamedTask[] {
  const needs = new Map(tasks.map((task) => [task.task_id, (task.needs ?? []).map(neededBy)]));
  const cycle = cycleIn(needs);
  if (cycle !== undefined) {
    throw new Problem(
      `These tasks wait for each other: ${cycle.join(' → ')}. Take one of these needs out of the list`,
    );
  }
  const byId = new Map(tasks.map((task) => [task.task_id, task]));
  const ordered = new Set<NamedTask>();
  for (const task of tasks) {
    const stack = [task];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const open = (needs.get(top.task_id) ?? [])
        .map((need) => byId.get(need))
        .find((need) => need && !ordered.has(need));
      if (open === undefined) {
        ordered.add(top);
        stack.pop();
      } else stack.push(open);
    }
  }
  return [...ordered];
}
