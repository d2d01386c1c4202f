import { z } from 'zod';
import { LIMITS, STATUSES } from '../domain/task.ts';
import { oneOf, wholeNumber } from './fields.ts';
import type { Input } from './input.ts';
import { givenMoment } from './moment.ts';
import { nameList } from './name-list.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

/** As ReadinessCounts counts them; all of them are pending. */
export const TASK_STATES = ['ready', 'delayed', 'blocked', 'stuck'] as const;

export type TaskState = (typeof TASK_STATES)[number];

const statuses = nameList(
  STATUSES,
  `must be one of ${STATUSES.join(', ')}, or several of them separated by commas`,
).meta({
  type: 'string',
  description: `One of ${STATUSES.join(', ')}, or several separated by commas`,
  example: 'pending,failed',
});

const idPrefix = z
  .string({ error: mustBe('a string') })
  .regex(/^[A-Z][A-Z0-9-]*$/, {
    error: 'must be the beginning of a task id, such as TASK-0: capital letters, digits and hyphens',
    abort: true,
  })
  .max(LIMITS.taskIdCharacters, { error: `must have at most ${LIMITS.taskIdCharacters} characters` });

const exactly = (most: number, description: string) =>
  text({ min: 1, max: most }).optional().meta({ description });

const bound = (description: string) =>
  givenMoment.optional().meta({ description, example: '2026-01-31T09:00:00Z' });

/** Which tasks of a project are meant; all that is given has to hold. */
export const taskFilterFields = {
  status: statuses,
  state: oneOf(TASK_STATES).optional().meta({
    example: 'ready',
    description:
      'ready: a claim may be given it; delayed: not due yet; blocked: waits for what it needs; stuck: a need can no longer be met. All of them are pending',
  }),
  label: exactly(LIMITS.labelCharacters, 'Only tasks with this label'),
  generator_name: exactly(LIMITS.generatorNameCharacters, 'Only tasks of this generator'),
  claimed_by: exactly(LIMITS.agentIdCharacters, 'Only tasks that this agent holds a claim on'),
  priority_min: wholeNumber(0, LIMITS.lastPriority)
    .optional()
    .meta({ description: 'Of this priority of its own or a less urgent one; 0 is the most urgent' }),
  priority_max: wholeNumber(0, LIMITS.lastPriority)
    .optional()
    .meta({ description: 'Of this priority of its own or a more urgent one' }),
  created_after: bound('Created later than this moment'),
  created_before: bound('Created earlier than this moment'),
  updated_after: bound('Changed later than this moment'),
  updated_before: bound('Changed earlier than this moment'),
  id_prefix: idPrefix.optional().meta({ description: 'Only ids that begin so', example: 'TASK-0' }),
  q: text({ min: 1, max: LIMITS.queryCharacters }).optional().meta({
    description:
      'Only tasks with all of these words in their description and context notes, or in one of their notes; the last word may be the beginning of one. Without a word, nothing is found',
    example: 'retry timeo',
  }),
};

export type TaskFilter = Readonly<z.output<z.ZodObject<typeof taskFilterFields>>>;

/** The bounds that may contradict each other: the lower, the upper. */
const RANGES = [
  ['priority_min', 'priority_max'],
  ['created_after', 'created_before'],
  ['updated_after', 'updated_before'],
] as const;

/** Refuses ranges that nothing lies in. */
export const taskFilterRule: NonNullable<Input['rule']> = (fields, context) => {
  for (const [low, high] of RANGES) {
    const [from, to] = [fields[low], fields[high]];
    if (from === undefined || to === undefined) continue;
    // Both are numbers, or moments in one form.
    if ((from as number | string) <= (to as number | string)) continue;
    context.addIssue({ code: 'custom', path: [high], message: `must not be below ${low}` });
  }
};
