import { z } from 'zod';
import { mustBe } from '../contract/wording.ts';
import { LONGEST_WAIT_SECONDS } from '../domain/events.ts';
import { LIMITS } from '../domain/task.ts';

/** A whole number as a parameter of the query; `most` has at most 4 digits. */
function numberText(least: number, most: number, standard: number, description: string) {
  return z
    .string({ error: mustBe('a string') })
    .regex(/^[0-9]{1,4}$/, { error: `must be a whole number from ${least} to ${most}, in 1 to 4 digits` })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(least, { error: `must be at least ${least}` })
        .max(most, { error: `must be at most ${most}` }),
    )
    .optional()
    .meta({ type: 'integer', minimum: least, maximum: most, default: standard, description });
}

export const limitText = numberText(
  1,
  LIMITS.tasksPerPage,
  LIMITS.tasksPerPage,
  `A page ends early if its tasks have more than ${LIMITS.pageBytes / 2 ** 20} MiB of text; only next_cursor marks the last page`,
);

export const eventLimitText = numberText(
  1,
  LIMITS.eventsPerPage,
  LIMITS.eventsPerPage,
  'The most events of one answer',
);

export const waitText = numberText(
  0,
  LONGEST_WAIT_SECONDS,
  0,
  'How long the answer waits for an event where there is none; without effect on Server-Sent Events',
);
