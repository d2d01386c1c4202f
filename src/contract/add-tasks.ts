import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { unlessLeftOut } from './fields.ts';
import { object } from './input.ts';
import { needs } from './needs.ts';
import { newTaskFields } from './task.ts';
import { mustBe } from './wording.ts';

/** What a task of a batch may have: its own fields and what it needs. */
export const batchTaskFields = {
  ...newTaskFields,
  needs: unlessLeftOut(
    needs,
    [],
    'The tasks of the project that must have ended before this one is ready; they may be in the same batch',
  ),
};

export type NewTask = z.output<z.ZodObject<typeof batchTaskFields>>;

export const newTask = object(batchTaskFields);

function duplicatesIn(batch: readonly NewTask[]): string[] {
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
    context.addIssue({ code: 'custom', params: { isWholeSentence: true }, message });
  })
  .meta({ minItems: 1, maxItems: LIMITS.tasksPerBatch });

/** Counts before it checks any: a body has room for hundreds of thousands of tasks. */
function bounded(batch: unknown, context: z.core.$RefinementCtx): unknown {
  if (Array.isArray(batch) && batch.length > LIMITS.tasksPerBatch) {
    context.addIssue({ code: 'custom', message: `must have at most ${LIMITS.tasksPerBatch} tasks` });
    return z.NEVER;
  }
  return batch;
}

export const addTasksInput = { fields: { tasks: z.preprocess(bounded, tasks) } };

export const addTasksOutput = z
  .strictObject({ tasks_added: z.int(), task_ids: z.array(z.string()) })
  .meta({ example: { tasks_added: 2, task_ids: ['TASK-046', 'TASK-047'] } });
