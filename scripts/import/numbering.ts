import type { ListedTask } from './listed-task.ts';
import { descriptionOf } from './new-task.ts';
import { originNote, type ProjectTasks, renumberedKey } from './project-tasks.ts';
import { fits, fittingId, freeIds, type Renumbering } from './task-ids.ts';

/** A task and the id that it gets. */
export interface Numbered {
  readonly task: ListedTask;
  /** Undefined where the service chooses it. */
  readonly id: string | undefined;
  /** Whether the project has it already. */
  readonly isThere: boolean;
}

export interface Numbering {
  readonly numbered: readonly Numbered[];
  /** A sentence each. */
  readonly leftOut: readonly string[];
  /** The tasks that come again just as they were before. */
  readonly repeated: readonly ListedTask[];
  /** How many tasks get another id than the list's because that does not fit or is another's. */
  readonly renumbered: number;
}

export interface NumberingOptions extends Renumbering {
  readonly known: ProjectTasks;
  /** The ids of tasks that were added already. */
  readonly added: ReadonlyMap<ListedTask, string>;
}

/** Gives each task its id, or tells why it is left out. */
export function number(tasks: readonly ListedTask[], options: NumberingOptions): Numbering {
  const place = placing(tasks, options);
  const places = tasks.map((task) => (task.hasNoId ? { task, id: undefined, isThere: false } : place(task)));
  const numbered = places.filter((place) => typeof place === 'object');
  const isRenumbered = ({ task, id, isThere }: Numbered) =>
    !isThere && id !== undefined && id !== fittingId(task.id);
  return {
    numbered,
    leftOut: places.filter((place) => typeof place === 'string'),
    repeated: tasks.filter((_, index) => places[index] === undefined),
    renumbered: numbered.filter(isRenumbered).length,
  };
}

/**
 * Makes what gives the tasks, in their order, an id or a reason. A task that comes again with the same text is the same,
 * and gets neither, unless it says otherwise.
 */
function placing(
  tasks: readonly ListedTask[],
  { renumber, prefix, known, added }: NumberingOptions,
): (task: ListedTask) => Numbered | string | undefined {
  const given = new Set(added.values());
  const free = freeIds({
    listed: tasks.flatMap(({ id, hasNoId }) => (hasNoId ? [] : [id])),
    last: known.lastNumbers,
    isTaken: (id) => given.has(id) || known.tasks.has(id) || known.deleted.has(id),
    fallback: prefix,
  });
  const byId = new Map<string, ListedTask>();
  const seen = new Map<string, ListedTask>();
  return (task) => {
    const id = fittingId(task.id);
    const identity = JSON.stringify([id, task.description]);
    const first = seen.get(identity);
    if (first !== undefined) return differenceOf(first, task);
    seen.set(identity, task);
    const addedAs = added.get(task);
    const reason = obstacleOf(task, byId, known);
    if (reason === undefined || addedAs === id) byId.set(id, task);
    if (addedAs !== undefined) return { task, id: addedAs, isThere: false };
    if (reason === undefined) return { task, id, isThere: known.tasks.has(id) };
    const before = renumberedBefore(task, known);
    if (before !== undefined) return { task, id: before, isThere: true };
    return renumber ? { task, id: free(id), isThere: false } : `${task.id} ${reason}`;
  };
}

/** What a task says otherwise than the one before it with the same id and text; undefined where it says the same. */
function differenceOf(first: ListedTask, task: ListedTask): string | undefined {
  // Remarks follow from the rest, and of the id only the case can differ.
  const { id, description, remarks, ...fields } = { ...first, ...task };
  const differing = Object.keys(fields).filter(
    (field) => JSON.stringify(Reflect.get(first, field)) !== JSON.stringify(Reflect.get(task, field)),
  );
  if (differing.length === 0) return undefined;
  const words = differing.map((field) => field.replaceAll('_', ' ')).join(', ');
  return `${task.id} comes again with the same text but says otherwise (${words}): the first is taken`;
}

/** The id that an earlier import gave to a task instead of the list's. */
const renumberedBefore = (task: ListedTask, { renumbered }: ProjectTasks): string | undefined =>
  renumbered.get(renumberedKey(originNote(task.id), descriptionOf(task)));

/** Why a task cannot have the id that the list gives it, and what to do about it; undefined where it can. */
function obstacleOf(
  task: ListedTask,
  byId: ReadonlyMap<string, ListedTask>,
  known: ProjectTasks,
): string | undefined {
  const id = fittingId(task.id);
  const remedy = 'pass --renumber to give it another';
  if (!fits(id)) return `does not fit the form of ids, as TASK-051: ${remedy}`;
  if (byId.has(id)) return `comes twice for different work, also for ${titleOf(task)}: ${remedy}`;
  if (known.deleted.has(id))
    return 'is the id of a deleted task: restore or purge that one, or pass --renumber to give this one another';
  const held = known.tasks.get(id);
  if (held === undefined)
    return renumberedBefore(task, known) === undefined ? undefined : 'has another id in the project';
  if (held.description === descriptionOf(task)) return undefined;
  return `is the id of another task in the project, ${titleOf(held)}: ${remedy}`;
}

/** The first line of a description, cut, in quotes. */
function titleOf({ description }: { readonly description: string }): string {
  const [line = ''] = description.split('\n');
  return `"${line.length > 80 ? `${line.slice(0, 79).toWellFormed()}…` : line}"`;
}
