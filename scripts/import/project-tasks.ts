import type { Client } from '../../client/index.ts';
import { fits, fittingId, prefixOf, type Renumbering } from './task-ids.ts';

/** What a task of the project says, as far as an import asks. */
export interface HeldTask {
  readonly description: string;
}

/** What an import knows of the project that it adds to. */
export interface ProjectTasks {
  /** By id, those that the list names. */
  readonly tasks: ReadonlyMap<string, HeldTask>;
  /** Ids that deleted tasks hold. */
  readonly deleted: ReadonlySet<string>;
  /** The last number of each prefix, whether it was given out or chosen. */
  readonly lastNumbers: ReadonlyMap<string, number>;
  /** Ids of tasks that an earlier import has renumbered, by `renumberedKey`. */
  readonly renumbered: ReadonlyMap<string, string>;
}

/** A project that nothing is known of. */
export const UNKNOWN_PROJECT: ProjectTasks = {
  tasks: new Map(),
  deleted: new Set(),
  lastNumbers: new Map(),
  renumbered: new Map(),
};

/** What the notes of a task with another id than in its list begin with. */
export const originNote = (listedId: string): string => `Was ${listedId} in the list`;

/** Tells a task that was renumbered by its first note and its text. */
export const renumberedKey = (note: string, description: string): string => `${note}\n${description}`;

export interface Looked extends Renumbering {
  readonly project: string;
  /** Of the list: its tasks' and those that they need. */
  readonly ids: readonly string[];
}

/** Reads what the project has of a list, in pages of 1,000. Rejects with a TaskTrackerError. */
export async function lookAt(client: Client, looked: Looked): Promise<ProjectTasks> {
  const { project, renumber } = looked;
  const wanted = new Set(looked.ids.map(fittingId).filter(fits));
  const tasks = new Map<string, HeldTask>();
  const renumbered = new Map<string, string>();
  const fields = renumber ? 'task_id,description,context_notes' : 'task_id,description';
  for (const id_prefix of renumber ? wholePrefixes(wanted, looked.prefix) : sharedPrefixes(wanted)) {
    const query = { project, id_prefix, fields, limit: 1000 };
    for await (const { task_id = '', description = '', context_notes } of client.tasks(query)) {
      if (wanted.has(task_id)) tasks.set(task_id, { description });
      const [note = ''] = context_notes?.split('\n') ?? [];
      if (note.startsWith('Was ')) renumbered.set(renumberedKey(note, description), task_id);
    }
  }
  const lastNumbers = renumber ? await lastNumbersOf(client, project) : new Map<string, number>();
  return { tasks, deleted: new Set(), lastNumbers, renumbered };
}

/** The project with what a refusal has told of it. */
export async function lookAgain(
  client: Client,
  project: string,
  known: ProjectTasks,
  found: { readonly existing: readonly string[]; readonly deleted: readonly string[] },
): Promise<ProjectTasks> {
  const tasks = new Map(known.tasks);
  for (const task_id of found.existing) {
    const { task } = await client.getTask({ task_id, project });
    tasks.set(task_id, task);
  }
  return { ...known, tasks, deleted: new Set([...known.deleted, ...found.deleted]) };
}

/** An export tells the numbers first; what comes after them is not asked for. */
async function lastNumbersOf(client: Client, project: string): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for await (const line of client.exportLines({ project })) {
    if (line.kind === 'ids') numbers.set(line.prefix, line.last_number);
    else if (line.kind !== 'project' && line.kind !== 'cursor') break;
  }
  return numbers;
}

/** For each prefix of the ids, what all of its ids begin with. */
function sharedPrefixes(ids: ReadonlySet<string>): string[] {
  return [...Map.groupBy(ids, prefixOf).values()].map((group) => {
    const [first = '', ...rest] = group;
    return rest.reduce((shared, id) => {
      let length = 0;
      while (length < shared.length && shared[length] === id[length]) length += 1;
      return shared.slice(0, length);
    }, first);
  });
}

/** The prefixes of the ids and that of new ones, without those that begin with another of them. */
function wholePrefixes(ids: ReadonlySet<string>, prefix: string): string[] {
  const all = [...new Set([...[...ids].map(prefixOf), prefix])].map((each) => `${each}-`);
  return all.filter((each) => !all.some((other) => other !== each && each.startsWith(other)));
}
