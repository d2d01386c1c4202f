import type { Task } from '../../contract/task.ts';
import type { Given, Shown } from '../tool.ts';
import { cutTask, readOn } from './cut.ts';

/** A task without what is empty. */
export function presentTask(task: Task, given: Given = {}): Shown {
  return given['field'] === undefined ? { task: cutTask(filled(task)) } : readOn(task, given);
}

/** The next task, or why there is none. */
export function presentNext({ task, message }: { task: Task | null; message?: string | undefined }): Shown {
  return task === null ? { message } : presentTask(task);
}

/** What a move left: the rest is known to whoever moved it. */
export function presentMoved({ task_id, status, attempt, max_attempts, retry_at }: Task): Shown {
  return { task: filled({ task_id, status, attempt, max_attempts, retry_at }) };
}

/** What an edit left, as far as whoever edited does not know it. */
export function presentEdited({ task_id, revision }: Task): Shown {
  return { task: { task_id, revision } };
}

/** Leaves nulls and what has no entries out. */
export function filled(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
