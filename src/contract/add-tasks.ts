import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { projectId, unlessLeftOut } from './fields.ts';
import { type Input, object } from './input.ts';
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

/** A task whose project is certain. */
export type FiledTask = NewTask & { readonly project_id: string };

interface GivenBatch {
  readonly project_id?: string | undefined;
  readonly tasks: readonly NewTask[];
}

/** The tasks of a batch, each in its own project or in that of the batch; `rule` has refused one that has neither. */
export function filed({ project_id = '', tasks: batch }: GivenBatch): FiledTask[] {
  return batch.map((task) => ({ ...task, project_id: task.project_id ?? project_id }));
}

function duplicatesIn(batch: readonly FiledTask[]): string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { project_id, task_id } of batch) {
    if (task_id === undefined) continue;
    const identity = `${project_id}/${task_id}`;
    if (seen.has(identity)) duplicates.add(task_id);
    seen.add(identity);
  }
  return [...duplicates];
}

const rule: Input['rule'] = (fields, context) => {
  // A rule runs once each field is valid by itself.
  const batch = filed(fields as unknown as GivenBatch);
  for (const [index, { project_id }] of batch.entries()) {
    if (project_id !== '') continue;
    const path = ['tasks', index, 'project_id'];
    context.addIssue({ code: 'custom', params: { isMissing: true }, path, message: 'is missing' });
    return;
  }
  const duplicates = duplicatesIn(batch);
  if (duplicates.length === 0) return;
  const message = `Duplicate task ids in one batch: ${duplicates.join(', ')}. Give each task an id of its own`;
  context.addIssue({ code: 'custom', params: { isWholeSentence: true }, path: ['tasks'], message });
};

const tasks = z
  .array(newTask, { error: mustBe('an array') })
  .refine(({ length }) => length >= 1, { error: 'must have at least one task', abort: true })
  .meta({ minItems: 1, maxItems: LIMITS.tasksPerBatch });

/** Counts before it checks any: a body has room for hundreds of thousands of tasks. */
function bounded(batch: unknown, context: z.core.$RefinementCtx): unknown {
  if (Array.isArray(batch) && batch.length > LIMITS.tasksPerBatch) {
    context.addIssue({ code: 'custom', message: `must have at most ${LIMITS.tasksPerBatch} tasks` });
    return z.NEVER;
  }
  return batch;
}

export const addTasksInput = {
  fields: {
    project_id: projectId
      .optional()
      .meta({ description: 'The project of the tasks that name none. Default: each names its own' }),
    tasks: z.preprocess(bounded, tasks),
  },
  rule,
};

export const addTasksOutput = z
  .strictObject({
    tasks_added: z.int(),
    task_ids: z.array(z.string()).meta({ description: 'In the order of the batch' }),
  })
  .meta({ example: { tasks_added: 2, task_ids: ['TASK-046', 'TASK-047'] } });
