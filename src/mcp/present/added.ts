import { isRecord } from '../../domain/record.ts';
import type { Given, Shown } from '../tool.ts';

interface Added {
  readonly tasks_added: number;
  readonly task_ids: readonly string[];
}

/** Tells the ids where the service chose some: whoever named them all knows them. */
export function presentAdded({ tasks_added, task_ids }: Added, { tasks }: Given): Shown {
  const isNamed =
    Array.isArray(tasks) && tasks.every((task) => isRecord(task) && task['task_id'] !== undefined);
  return isNamed ? { tasks_added } : { tasks_added, task_ids };
}
