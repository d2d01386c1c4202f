import { z } from '@hono/zod-openapi';
import { DEFAULTS, LIMITS } from '../../domain/task.ts';
import { closedObject } from './closed-object.ts';
import { EXAMPLE_BATCH } from './examples.ts';
import { artifacts, notes, projectId, status, taskId, unlessLeftOut, wholeNumber } from './fields.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

/** Before the year 100 and after 9999, JavaScript and PostgreSQL read each other's moments wrong or not at all. */
function isInKnownYear(moment: string): boolean {
  const year = new Date(moment).getUTCFullYear();
  return year >= 1_970 && year <= 9_999;
}

const moment = z.iso
  .datetime({
    offset: true,
    error: 'must be a moment in ISO 8601 with Z or an offset from UTC, such as 2026-01-31T09:00:00Z',
    abort: true,
  })
  .refine(isInKnownYear, { error: 'must lie in the years 1970 to 9999 of UTC', abort: true });

const newTask = closedObject('field', {
  task_id: taskId,
  project_id: projectId,
  description: text({ min: 1, max: LIMITS.descriptionCharacters }),
  generator_name: unlessLeftOut(text({ max: LIMITS.generatorNameCharacters }).nullable(), null),
  status: unlessLeftOut(status, 'pending'),
  inputs: unlessLeftOut(artifacts, []),
  expected_outputs: unlessLeftOut(artifacts, []),
  context_notes: unlessLeftOut(notes.nullable(), null),
  priority: unlessLeftOut(wholeNumber(0, LIMITS.lastPriority), DEFAULTS.priority, '0 is urgent, 4 can wait'),
  not_before: unlessLeftOut(moment.nullable(), null, 'Nobody is given the task before that moment'),
  max_attempts: unlessLeftOut(
    wholeNumber(1, LIMITS.attempts),
    DEFAULTS.maxAttempts,
    'After so many failed claims the task stays failed',
  ),
}).openapi('NewTask');

export type NewTaskRequest = z.infer<typeof newTask>;

/** The identities that come more than once in a batch, each once. */
function duplicatesIn(batch: readonly NewTaskRequest[]): string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { project_id, task_id } of batch) {
    const identity = `${project_id}/${task_id}`;
    if (seen.has(identity)) duplicates.add(task_id);
    seen.add(identity);
  }
  return [...duplicates];
}

const tasks = z
  .array(newTask, { error: mustBe('an array') })
  .refine(({ length }) => length >= 1, { error: 'must have at least one task', abort: true })
  .superRefine((batch, context) => {
    const duplicates = duplicatesIn(batch);
    if (duplicates.length === 0) return;
    const message = `Duplicate task ids in one batch: ${duplicates.join(', ')}. Give each task an id of its own`;
    context.addIssue({ code: 'custom', message });
  })
  .openapi({ minItems: 1, maxItems: LIMITS.tasksPerBatch });

/** Counts the tasks before each is looked at: a body has room for hundreds of thousands. */
function bounded(batch: unknown, context: z.core.$RefinementCtx): unknown {
  if (Array.isArray(batch) && batch.length > LIMITS.tasksPerBatch) {
    context.addIssue({ code: 'custom', message: `must have at most ${LIMITS.tasksPerBatch} tasks` });
    return z.NEVER;
  }
  return batch;
}

/** Body of POST /tasks/batch. */
export const batchBody = closedObject('field', { tasks: z.preprocess(bounded, tasks) }).openapi(
  'BatchRequest',
  {
    example: EXAMPLE_BATCH,
  },
);
