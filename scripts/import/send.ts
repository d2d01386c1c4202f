import { SingleBar } from 'cli-progress';
import { type Client, TaskTrackerError } from '../../client/index.ts';
import { firstBatchOf } from './batches.ts';
import type { ListedTask } from './listed-task.ts';
import type { Prepared } from './prepare.ts';
import { lookAgain, type ProjectTasks } from './project-tasks.ts';

/** Tasks that were added, with the ids that they got. */
export type Added = Map<ListedTask, string>;

export interface Sending {
  readonly client: Client;
  readonly project: string;
  /** What is to be sent, by what is known of the project. */
  readonly prepareFor: (known: ProjectTasks, added: Added) => Prepared;
}

/**
 * Adds what is new in batches, with a bar on a terminal, and returns what became of the list. Where an id turns out to be
 * taken meanwhile, or by a deleted task, it prepares the list again by that. `added` gets each task as soon as it is
 * there, so that it tells how far a rejection let it come.
 */
export async function send(sending: Sending, known: ProjectTasks, added: Added): Promise<Prepared> {
  const bar = new SingleBar({ format: '{bar} {value} of {total} tasks', linewrap: null, barsize: 40 });
  let prepared = sending.prepareFor(known, added);
  bar.start(prepared.tasks.length, 0);
  try {
    for (let now = known; ; prepared = sending.prepareFor(now, added)) {
      const left = prepared.tasks.filter(({ listed }) => !added.has(listed));
      bar.setTotal(prepared.tasks.length);
      if (left.length === 0) return prepared;
      now = await addUntilRefused(sending, { left, now, added, onAdded: () => bar.update(added.size) });
    }
  } finally {
    bar.stop();
  }
}

interface Run {
  readonly left: Prepared['tasks'];
  readonly now: ProjectTasks;
  readonly added: Added;
  readonly onAdded: () => void;
}

/** Resolves with what is known of the project once all is added, or an id was refused as taken. */
async function addUntilRefused({ client, project }: Sending, run: Run): Promise<ProjectTasks> {
  let { left } = run;
  while (left.length > 0) {
    const batch = left.slice(0, firstBatchOf(left.map(({ task }) => task)));
    try {
      const { task_ids } = await client.addTasks({ tasks: batch.map(({ task }) => task) });
      for (const [index, { listed }] of batch.entries()) run.added.set(listed, task_ids[index] ?? listed.id);
    } catch (error) {
      const taken = takenIn(error);
      if (taken === undefined) throw error;
      return lookAgain(client, project, run.now, taken);
    }
    run.onAdded();
    left = left.slice(batch.length);
  }
  return run.now;
}

function takenIn(error: unknown): { existing: string[]; deleted: string[] } | undefined {
  if (!(error instanceof TaskTrackerError) || error.code !== 'task_exists') return undefined;
  const existing = idsOf(error.details?.['existing']);
  const deleted = idsOf(error.details?.['deleted']);
  return existing.length + deleted.length === 0 ? undefined : { existing, deleted };
}

/** docs/errors.md gives both lists their form. */
function idsOf(identities: unknown): string[] {
  const all: readonly unknown[] = Array.isArray(identities) ? identities : [];
  return all.flatMap((each) =>
    typeof each === 'object' && each !== null && 'task_id' in each && typeof each.task_id === 'string'
      ? [each.task_id]
      : [],
  );
}
