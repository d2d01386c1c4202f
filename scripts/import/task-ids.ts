import { LIMITS, TASK_ID_PATTERN } from '../../src/domain/task.ts';

/** Whether a task can have that id. */
export const fits = (id: string): boolean => TASK_ID_PATTERN.test(id) && id.length <= LIMITS.taskIdCharacters;

/** The id as it is, or in capital letters where only that is missing. */
export const fittingId = (id: string): string =>
  !fits(id) && fits(id.toUpperCase()) ? id.toUpperCase() : id;

/** What comes before the last hyphen of an id that fits. */
export const prefixOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));

/** What whoever imports a list wants of ids that tasks cannot have. */
export interface Renumbering {
  /** Whether a task whose id does not fit, or is another's, gets the next free one of its prefix. */
  readonly renumber: boolean;
  /** That of new ids where the list's have none. */
  readonly prefix: string;
}

/** No prefix with room for a number of 15 digits is longer. */
const PREFIX_CHARACTERS = LIMITS.taskIdCharacters - 16;

export interface NumbersGiven {
  /** The ids of the list, which are not given out. */
  readonly listed: readonly string[];
  /** The last number of each prefix in the project. */
  readonly last: ReadonlyMap<string, number>;
  readonly isTaken: (id: string) => boolean;
  /** Of ids that have none, or too long a one. */
  readonly fallback: string;
}

/** Gives out ids past every one of the list and of the project, three digits at least. */
export function freeIds({ listed, last, isTaken, fallback }: NumbersGiven): (id: string) => string {
  const numbers = new Map(last);
  for (const id of listed) {
    const [, prefix, digits] = /^(.+)-0*([0-9]{1,15})$/.exec(fittingId(id)) ?? [];
    if (prefix !== undefined) numbers.set(prefix, Math.max(numbers.get(prefix) ?? 0, Number(digits)));
  }
  return (id) => {
    const prefix = fits(id) && prefixOf(id).length <= PREFIX_CHARACTERS ? prefixOf(id) : fallback;
    for (;;) {
      const number = (numbers.get(prefix) ?? 0) + 1;
      numbers.set(prefix, number);
      const next = `${prefix}-${String(number).padStart(3, '0')}`;
      if (!isTaken(next)) return next;
    }
  };
}
