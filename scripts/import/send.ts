import { SingleBar } from 'cli-progress';
import { type Client, TaskTrackerError } from '../../client/index.ts';
import { LIMITS } from '../../src/domain/task.ts';
import type { NamedTask } from './listed-task.ts';

export interface Sent {
  readonly added: number;
  /** Of tasks that the project has already, which stay as they are. */
  readonly there: readonly string[];
}

/** Adds the tasks in batches, with a bar on a terminal. Tasks that exist are passed over, so it may be repeated. */
export async function send(client: Client, tasks: readonly NamedTask[]): Promise<Sent> {
  const bar = new SingleBar({ format: '{bar} {value} of {total} tasks', linewrap: null, barsize: 40 });
  bar.start(tasks.length, 0);
  const there: string[] = [];
  try {
    for (let start = 0; start < tasks.length; start += LIMITS.tasksPerBatch) {
      const batch = tasks.slice(start, start + LIMITS.tasksPerBatch);
      there.push(...(await addWhatIsNew(client, batch)));
      bar.update(start + batch.length);
    }
  } finally {
    bar.stop();
  }
  return { added: tasks.length - there.length, there };
}

/** Resolves with the ids of the batch that exist. */
async function addWhatIsNew(client: Client, batch: readonly NamedTask[]): Promise<string[]> {
  let left = batch;
  while (left.length > 0) {
    try {
      await client.addTasks({ tasks: [...left] });
      break;
    } catch (error) {
      const existing = existingIn(error);
      if (existing.size === 0) throw error;
      left = left.filter(({ task_id }) => !existing.has(task_id));
    }
  }
  return batch.filter((task) => !left.includes(task)).map(({ task_id }) => task_id);
}

function existingIn(error: unknown): ReadonlySet<unknown> {
  if (!(error instanceof TaskTrackerError) || error.code !== 'task_exists') return new Set();
  const ids = error.details?.['task_ids'];
  return new Set(Array.isArray(ids) ? ids : []);
}
