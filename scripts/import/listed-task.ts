import type { NewTask } from '../../client/index.ts';
import { type Status, TASK_ID_PATTERN } from '../../src/domain/task.ts';

/** A task as a list has it, in the words of this service but for its id and the ids that it needs. */
export interface ListedTask {
  readonly id: string;
  /** The list gives it no id: `id` is its place there, and the service numbers it. */
  readonly hasNoId?: boolean;
  readonly description: string;
  readonly status: Status;
  readonly needs: readonly ListedNeed[];
  readonly priority?: number | undefined;
  readonly generator_name?: string | undefined;
  readonly inputs?: readonly string[];
  readonly expected_outputs?: readonly string[];
  readonly not_before?: string | undefined;
  readonly labels?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** What only this service's own lists have. */
  readonly limits?: Pick<NewTask, 'max_attempts' | 'max_expiries' | 'max_run_seconds'>;
  /** What the list says beyond these fields, a line each. */
  readonly notes: readonly string[];
  /** What could not be taken as it stands, a sentence each. */
  readonly remarks: readonly string[];
}

export interface ListedNeed extends Partial<NeedTerms> {
  readonly id: string;
}

type NeedTerms = Pick<
  Extract<NonNullable<NewTask['needs']>[number], object>,
  'when' | 'group' | 'on_failure'
>;

/** A list that was read: its tasks in order, and what in it is none. */
export interface TaskList {
  readonly tasks: readonly ListedTask[];
  /** A sentence each. */
  readonly leftOut: readonly string[];
  /** What is not taken of many tasks, a sentence each. */
  readonly remarks?: readonly string[];
}

const PRIORITIES: Readonly<Record<string, number>> = {
  critical: 0,
  urgent: 0,
  highest: 0,
  high: 1,
  medium: 2,
  normal: 2,
  low: 3,
  lowest: 4,
};

/** A priority by its name, or from 0 to 4 as P1 or 1; undefined where it is neither. */
export function priorityOf(written: string): number | undefined {
  const word = /[a-z0-9]+/i.exec(written)?.[0].toLowerCase() ?? '';
  const number = /^p?([0-4])$/.exec(word)?.[1];
  if (number !== undefined) return Number(number);
  return Object.hasOwn(PRIORITIES, word) ? PRIORITIES[word] : undefined;
}

/** What a task id looks like, for use within a larger pattern. */
export const ID = TASK_ID_PATTERN.source.slice(1, -1);

const IDS = new RegExp(`\\b${ID}\\b`, 'g');

/** The ids within a text, each once, in order. */
export function idsIn(text: string): string[] {
  return [...new Set(text.match(IDS))];
}
