import { z } from 'zod';
import { LAST_REVISION } from '../contract/edit-task.ts';
import { mustBe } from '../contract/wording.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { STATISTICS } from '../domain/statistics.ts';
import { LIMITS } from '../domain/task.ts';
import { WAIT_SECONDS } from '../domain/waits.ts';

/** A whole number as a parameter of the query; `most` has at most 4 digits. */
function numberText(least: number, most: number, standard: number | undefined, description: string) {
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
    .meta({
      type: 'integer',
      minimum: least,
      maximum: most,
      ...(standard === undefined ? {} : { default: standard }),
      description,
    });
}

export const limitText = numberText(
  1,
  LIMITS.tasksPerPage,
  LIMITS.tasksPerPage,
  `A page ends early if its tasks have more than ${LIMITS.pageBytes / 2 ** 20} MiB of text, or where a filter has looked at ${LIMITS.tasksLookedAt} tasks; only next_cursor marks the last page`,
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

export const depthText = numberText(
  1,
  GRAPH_LIMITS.graphDepth,
  2,
  'How many needs away from the task, in either direction',
);

export const daysText = numberText(
  1,
  STATISTICS.mostDays,
  STATISTICS.usualDays,
  'How many UTC days, today included',
);

export const noteLimitText = numberText(
  1,
  LIMITS.notesPerPage,
  LIMITS.notesPerPage,
  'The most notes of one answer',
);

const REVISION_FORM = { error: 'must be the revision of a task, such as 3' };

export const revisionText = z
  .string({ error: mustBe('a string') })
  .regex(/^[0-9]{1,10}$/, REVISION_FORM)
  .transform(Number)
  .pipe(z.number().max(LAST_REVISION, REVISION_FORM))
  .optional()
  .meta({
    type: 'integer',
    minimum: 0,
    maximum: LAST_REVISION,
    description:
      'The edit is refused unless the task has this revision; without it, whatever it has. If-Match goes before it',
  });

/** A yes or no as a parameter of the query; no by default. */
const flagText = (description: string) =>
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((text) => text === 'true')
    .optional()
    .meta({ type: 'boolean', default: false, description });

export const purgeText = flagText('Deletes for good, also what is deleted already; the id is free at once');

export const totalText = flagText(
  `Counts all tasks of the list, exactly up to ${LIMITS.tasksLookedAt}; total_is_exact tells whether there are more`,
);

const priorityText = (which: string) =>
  numberText(0, LIMITS.lastPriority, undefined, `Of this priority of its own or ${which}`);

export const leastPriorityText = priorityText('a less urgent one; 0 is the most urgent');

export const mostPriorityText = priorityText('a more urgent one; 0 is the most urgent');

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
