import { z } from 'zod';
import { GRAPH_LIMITS, NEED_CONDITIONS, NEED_KINDS, NEED_STATES, ON_FAILURE } from '../domain/graph.ts';
import { STATUSES } from '../domain/task.ts';
import { oneOf, taskId, unlessLeftOut } from './fields.ts';
import { object } from './input.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

/** What a need asks of the task that it names. */
export const needTerms = {
  when: unlessLeftOut(oneOf(NEED_CONDITIONS), 'completed', 'How the task must have ended; ended is any end'),
  group: unlessLeftOut(
    text({ min: 1, max: GRAPH_LIMITS.groupCharacters }).nullable(),
    null,
    'Of needs with the same group, one that is met will do',
  ),
  on_failure: unlessLeftOut(
    oneOf(ON_FAILURE),
    'block',
    'What becomes of this task when the other ends otherwise: block leaves it pending and stuck, cancel cancels it, ignore counts the need as met',
  ),
};

export const newNeed = object({ task_id: taskId, ...needTerms });

/** A task id alone stands for a need with the usual terms. */
const given = z.preprocess((value) => (typeof value === 'string' ? { task_id: value } : value), newNeed);

type NewNeed = z.output<typeof newNeed>;

/** Reports only the first wrong entry, as for other lists of a task. */
export const needs = z
  .array(z.unknown(), { error: mustBe('an array') })
  .refine(({ length }) => length <= GRAPH_LIMITS.needsPerTask, {
    error: `must have at most ${GRAPH_LIMITS.needsPerTask} entries`,
    abort: true,
  })
  .transform((entries, context): NewNeed[] => {
    const found = new Map<string, NewNeed>();
    for (const [index, entry] of entries.entries()) {
      const parsed = given.safeParse(entry);
      const [issue] = parsed.error?.issues ?? [];
      if (issue !== undefined) {
        context.addIssue({ ...issue, path: [index, ...issue.path] });
        return z.NEVER;
      }
      // Without an issue there is a value.
      const one = parsed.data as NewNeed;
      if (found.has(one.task_id)) {
        context.addIssue({ code: 'custom', path: [index], message: `names ${one.task_id} once more` });
        return z.NEVER;
      }
      found.set(one.task_id, one);
    }
    return [...found.values()];
  })
  .meta({
    type: 'array',
    items: { $ref: '#/components/schemas/NewNeed' },
    maxItems: GRAPH_LIMITS.needsPerTask,
  });

/** A need as it is. */
export const shownNeed = z.strictObject({
  kind: z.enum(NEED_KINDS),
  need: z.string().meta({ description: 'The id of the task or the name of the artifact' }),
  when: z.enum(NEED_CONDITIONS),
  group: z.string().nullable(),
  on_failure: z.enum(ON_FAILURE),
  state: z.enum(NEED_STATES).meta({ description: 'failed can no longer be met' }),
  task_id: z
    .string()
    .nullable()
    .meta({ description: 'The task whose end decides; null where there is none' }),
  status: z.enum(STATUSES).nullable().meta({ description: 'Of that task' }),
});
