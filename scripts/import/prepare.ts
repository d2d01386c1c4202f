import type { NewTask } from '../../client/index.ts';
import { GRAPH_LIMITS } from '../../src/domain/graph.ts';
import { inOrder, neededBy } from './in-order.ts';
import type { ListedTask, TaskList } from './listed-task.ts';
import { toNewTask } from './new-task.ts';
import { type Numbered, number } from './numbering.ts';
import { originNote, type ProjectTasks } from './project-tasks.ts';
import { fittingId, type Renumbering } from './task-ids.ts';

export interface Options extends Renumbering {
  readonly project: string;
}

/** A task as it is sent, and the one of the list that it comes from. */
export interface PreparedTask {
  readonly listed: ListedTask;
  readonly task: NewTask;
}

/** What becomes of a list. */
export interface Prepared {
  /** What is new, in an order in which no task comes before one that it needs. */
  readonly tasks: readonly PreparedTask[];
  /** What the project has already, and stays as it is. */
  readonly there: readonly There[];
  readonly remarks: readonly Remark[];
  readonly leftOut: readonly string[];
  readonly renumbered: number;
}

export interface There {
  /** Its id in the list, and in the project. */
  readonly listed: string;
  readonly task_id: string;
  /** What it needs by the list and is new, so that it cannot need it in the project. */
  readonly lacks: readonly string[];
}

export interface Remark {
  /** An id, or the place in the list of a task that has none. */
  readonly of: string;
  readonly text: string;
}

/**
 * Gives each task its id and what it needs, by what is known of the project; `added` keep theirs. Throws a Problem where
 * tasks wait for each other.
 */
export function prepare(
  list: TaskList,
  options: Options,
  known: ProjectTasks,
  added: ReadonlyMap<ListedTask, string> = new Map(),
): Prepared {
  const { numbered, leftOut, repeated, renumbered } = number(list.tasks, { ...options, known, added });
  const needed = neededTasks(list.tasks, numbered, known);
  const remarks: Remark[] = [];
  const fresh = numbered.filter(({ isThere }) => !isThere);
  const prepared = fresh.map(({ task, id }): PreparedTask => {
    const { needs, lost } = needed(task, id);
    const origin = id === undefined || id === task.id ? [] : [originNote(task.id)];
    const remark = (text: string) => remarks.push({ of: id ?? task.id, text });
    for (const text of [...origin, ...task.remarks, ...lost]) remark(text);
    const notes = [...origin, ...task.remarks, ...task.notes];
    return { listed: task, task: toNewTask(task, { id, project: options.project, needs, notes, remark }) };
  });
  for (const { id } of repeated)
    remarks.push({ of: id, text: 'It comes again in the list, and is added once' });
  const newIds = new Set(fresh.map(({ id }) => id));
  const byTask = new Map(prepared.map((each) => [each.task, each]));
  return {
    tasks: inOrder([...byTask.keys()]).flatMap((task) => byTask.get(task) ?? []),
    there: numbered.flatMap(({ task, id, isThere }): There[] => {
      if (!isThere || id === undefined) return [];
      const lacks = needed(task, id)
        .needs.map(neededBy)
        .filter((need) => newIds.has(need));
      return [{ listed: task.id, task_id: id, lacks }];
    }),
    remarks,
    leftOut: [...list.leftOut, ...leftOut],
    renumbered,
  };
}

interface Needed {
  readonly needs: NonNullable<NewTask['needs']>;
  /** What has to be said of the others, a sentence each. */
  readonly lost: readonly string[];
}

/** Finds what a task needs, in the list or else in the project. */
function neededTasks(
  listed: readonly ListedTask[],
  numbered: readonly Numbered[],
  known: ProjectTasks,
): (task: ListedTask, id: string | undefined) => Needed {
  // Of an id that came twice, needs mean the first.
  const ids = new Map(numbered.toReversed().map(({ task, id }) => [fittingId(task.id), id]));
  const inList = new Set(listed.map((task) => fittingId(task.id)));
  const find = (need: string) => {
    const id = fittingId(need);
    return ids.get(id) ?? (known.tasks.has(id) && !inList.has(id) ? id : undefined);
  };
  return (task, own) => {
    const found = new Map<string, Needed['needs'][number]>();
    const missing: string[] = [];
    const beyond: string[] = [];
    for (const { id: need, ...terms } of task.needs) {
      const task_id = find(need);
      if (task_id === undefined) missing.push(need);
      else if (task_id === own || found.has(task_id)) continue;
      else if (found.size === GRAPH_LIMITS.needsPerTask) beyond.push(need);
      else found.set(task_id, { task_id, ...terms });
    }
    const isLeftOut = (need: string) => inList.has(fittingId(need));
    const told = (ids: readonly string[], why: string) =>
      ids.length === 0 ? [] : [`It needs ${ids.join(', ')}, ${why}; not taken`];
    return {
      needs: [...found.values()],
      lost: [
        ...told(missing.filter(isLeftOut), 'which the list has and was left out'),
        ...told(
          missing.filter((need) => !isLeftOut(need)),
          'which the list does not have',
        ),
        ...told(beyond, `beyond the ${GRAPH_LIMITS.needsPerTask} that a task can have`),
      ],
    };
  };
}
