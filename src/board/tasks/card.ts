import type { ListAnswer, Task } from '../../../client/index.ts';
import { cut } from '../text/words.ts';

/** What a card needs of its task. */
const FIELDS = [
  'task_id',
  'status',
  'description',
  'priority',
  'effective_priority',
  'generator_name',
  'labels',
  'claimed_by',
  'created_at',
  'lease_expires_at',
  'updated_at',
  'not_before',
  'retry_at',
  'attempt',
  'max_attempts',
  'last_error',
  'unmet_needs',
  'stuck_needs',
  'note_count',
  'revision',
] as const satisfies readonly (keyof Task)[];

export type Card = Readonly<Pick<Task, (typeof FIELDS)[number]>>;

export const CARD_FIELDS = FIELDS.join(',');

/** A card has room for two lines; a hundred thousand whole texts would fill the memory. */
const SHOWN_CHARACTERS = 240;

/** The tasks of a page that was asked for with CARD_FIELDS. */
export function cardsOf({ tasks }: ListAnswer): Card[] {
  // The service answers the fields that it is asked for.
  return (tasks as Card[]).map((task) => ({
    ...task,
    description: cut(task.description, SHOWN_CHARACTERS),
    last_error: task.last_error === null ? null : cut(task.last_error, SHOWN_CHARACTERS),
  }));
}

/** The same of a whole task. */
export function cardOf(task: Task): Card {
  return { ...task, description: cut(task.description, SHOWN_CHARACTERS) };
}
