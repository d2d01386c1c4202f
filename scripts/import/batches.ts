import type { NewTask } from '../../client/index.ts';
import { GRAPH_LIMITS } from '../../src/domain/graph.ts';
import { LIMITS } from '../../src/domain/task.ts';

/** Under the 1 MiB that a body may have. */
const MOST_BYTES = 900_000;

/** How many of the tasks, from the first on, one request can have; at least one. Those without an id go by themselves. */
export function firstBatchOf(tasks: readonly NewTask[]): number {
  let bytes = 0;
  let needs = 0;
  const end = tasks.findIndex((task, index) => {
    bytes += Buffer.byteLength(JSON.stringify(task)) + 1;
    needs += task.needs?.length ?? 0;
    const isOfAnotherKind = (task.task_id === undefined) !== (tasks[0]?.task_id === undefined);
    const isTooLarge =
      index === LIMITS.tasksPerBatch || bytes > MOST_BYTES || needs > GRAPH_LIMITS.needsPerBatch;
    return index > 0 && (isOfAnotherKind || isTooLarge);
  });
  return end === -1 ? tasks.length : end;
}
