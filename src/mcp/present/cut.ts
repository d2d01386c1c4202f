import type { Task } from '../../contract/task.ts';
import { invalid } from '../../http/problems.ts';
import type { Given, Shown } from '../tool.ts';

/** A token has at least a byte, so no answer has more than 20,000 tokens. */
export const MAX_BYTES = 18_000;
/** What stays of each long field where a task is too large, and the answer has nothing else. */
const KEPT_BYTES = 2_500;

/** The fields that may be long. */
export const LONG_FIELDS = [
  'description',
  'context_notes',
  'completion_notes',
  'last_error',
  'inputs',
  'expected_outputs',
] as const;

type Long = string | readonly string[];

const encoder = new TextEncoder();

/** The size of a value as JSON, in bytes of UTF-8. */
export function bytesOf(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).byteLength;
}

/** The first characters of a text, with a sign where it was cut. */
export function startOf(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters).join('')}…`;
}

/** Cuts the long fields of a task that is too large for the room in bytes; `cut` tells how get_task reads on. */
export function cutTask(task: Record<string, unknown>, room = MAX_BYTES): Shown {
  if (bytesOf(task) <= room) return task;
  const kept = Math.floor((KEPT_BYTES * room) / MAX_BYTES);
  const cut: Record<string, unknown> = {};
  const shown = { ...task };
  for (const field of LONG_FIELDS) {
    // A task has texts and lists of texts under these names.
    const value = shown[field] as Long | undefined;
    if (value === undefined || bytesOf(value) <= kept) continue;
    const part = partOf(value, 0, kept);
    shown[field] = part.value;
    cut[field] = { field, from: part.end, of: value.length };
  }
  return { ...shown, cut };
}

/** A part of one long field, from a character or entry on. */
export function readOn(task: Task, { field, from = 0 }: Given): Shown {
  const name = LONG_FIELDS.find((long) => long === field);
  if (name === undefined) throw unreadable(`field must be one of ${LONG_FIELDS.join(', ')}`, 'field');
  if (!(Number.isSafeInteger(from) && Number(from) >= 0))
    throw unreadable('from must be a whole number from 0', 'from');
  const value = task[name] ?? '';
  const { value: part, end } = partOf(value, Number(from), MAX_BYTES - KEPT_BYTES);
  return { task: { task_id: task.task_id, [name]: part }, ...(end < value.length ? { from: end } : {}) };
}

function unreadable(problem: string, argument: string) {
  return invalid({ sentence: `Invalid argument ${problem}`, problems: [{ argument, problem }] });
}

/** The longest part that fits, from a UTF-16 unit or entry on; never half a character. */
export function partOf<L extends Long>(value: L, from: number, bytes: number): { value: L; end: number } {
  const isText = typeof value === 'string';
  const rest: Iterable<string> = value.slice(from);
  // A character stands without the quotes that it is measured with, an entry with a comma.
  const extra = isText ? -2 : 1;
  let end = from;
  let left = bytes;
  for (const piece of rest) {
    left -= bytesOf(piece) + extra;
    if (left < 0) break;
    end += isText ? piece.length : 1;
  }
  // A slice of a text is a text, one of a list a list.
  return { value: value.slice(from, end) as L, end };
}
