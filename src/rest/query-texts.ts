import { z } from 'zod';
import { mustBe } from '../contract/wording.ts';
import { LIMITS } from '../domain/task.ts';
import { WAIT_SECONDS } from '../domain/waits.ts';

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

export const eventWaitText = numberText(
  0,
  WAIT_SECONDS.max,
  0,
  'How long the answer waits for an event where there is none; without effect on Server-Sent Events',
);

const WAIT_FORM = { error: `must be a whole number from 0 to ${WAIT_SECONDS.max}` };

export const waitText = z
  .string({ error: mustBe('a string') })
  .regex(/^[0-9]{1,2}$/, WAIT_FORM)
  .transform(Number)
  .pipe(z.number().max(WAIT_SECONDS.max, WAIT_FORM))
  .default(WAIT_SECONDS.default)
  .meta({
    type: 'integer',
    minimum: 0,
    maximum: WAIT_SECONDS.max,
    default: WAIT_SECONDS.default,
    description: 'How long to wait for a task while there is none, in seconds',
  });
