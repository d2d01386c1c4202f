import { z } from 'zod';
import { mustBe } from '../contract/wording.ts';
import { LIMITS } from '../domain/task.ts';

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
