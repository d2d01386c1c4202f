import { z } from 'zod';
import { mustBe } from '../contract/wording.ts';
import { LIMITS } from '../domain/task.ts';
import { WAIT_SECONDS } from '../domain/waits.ts';

export const limitText = z
  .string({ error: mustBe('a string') })
  .regex(/^[0-9]{1,4}$/, {
    error: `must be a whole number from 1 to ${LIMITS.tasksPerPage}, in 1 to 4 digits`,
  })
  .transform(Number)
  .pipe(
    z
      .number()
      .min(1, { error: 'must be at least 1' })
      .max(LIMITS.tasksPerPage, { error: `must be at most ${LIMITS.tasksPerPage}` }),
  )
  .optional()
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: LIMITS.tasksPerPage,
    default: LIMITS.tasksPerPage,
    description: `A page ends early if its tasks have more than ${LIMITS.pageBytes / 2 ** 20} MiB of text; only next_cursor marks the last page`,
  });

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
