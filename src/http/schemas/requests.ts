import { z } from '@hono/zod-openapi';
import { LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../../domain/task.ts';
import { closedObject } from './closed-object.ts';
import { cursor } from './cursor.ts';
import { EXAMPLE_BATCH } from './examples.ts';
import { text } from './text.ts';

const PROJECT_ID_FORM =
  'must be 1 to 100 letters, digits, dots, underscores or hyphens, the first a letter or digit';

const projectIdSaying = (error: string | ((issue: { input?: unknown }) => string)) =>
  z.string().regex(PROJECT_ID_PATTERN, { error }).openapi({ example: 'ai-agent-mcp-server' });

const projectId = projectIdSaying(PROJECT_ID_FORM);

/** The parameter where it is required: `?project=` names no project, so it counts as missing. */
const project = projectIdSaying(({ input }) =>
  input === '' ? 'Missing required parameter: project' : PROJECT_ID_FORM,
);

const taskId = z
  .string()
  .regex(TASK_ID_PATTERN, {
    error: 'must be capital letters and digits, a hyphen and a number, such as TASK-051',
  })
  .max(LIMITS.taskIdCharacters, {
    error: `must have at most ${LIMITS.taskIdCharacters} characters`,
  })
  .openapi({ example: 'TASK-051' });

const STATUS_FORM = `must be one of ${STATUSES.join(', ')}`;

const status = z
  .enum(STATUSES, {
    error: ({ input }) => {
      if (input === undefined) return 'expected a status, received undefined';
      return Array.isArray(input) ? 'expected a status, received array' : STATUS_FORM;
    },
  })
  .openapi({ example: 'pending' });

const artifacts = z
  .array(text({ min: 1, max: LIMITS.artifactCharacters }))
  .max(LIMITS.artifactsPerList, {
    error: `must have at most ${LIMITS.artifactsPerList} entries`,
  })
  .default([]);

const notes = text({ max: LIMITS.notesCharacters });

const limit = z
  .string()
  .regex(/^[0-9]{1,4}$/, { error: `must be a number from 1 to ${LIMITS.tasksPerPage}` })
  .transform(Number)
  .pipe(
    z
      .number()
      .min(1, { error: `must be at least 1` })
      .max(LIMITS.tasksPerPage, { error: `must be at most ${LIMITS.tasksPerPage}` }),
  )
  .optional()
  .openapi({ type: 'integer', minimum: 1, maximum: LIMITS.tasksPerPage, default: LIMITS.tasksPerPage });

/** The path of one task. */
export const taskPath = z.object({ task_id: taskId });

/** Query of GET /tasks/next. */
export const nextQuery = closedObject('parameter', {
  project,
  status: status.default('pending'),
});

/** Query of GET /tasks. */
export const listQuery = closedObject('parameter', {
  project,
  status: status.optional(),
  limit,
  cursor: cursor.openapi({ type: 'string', description: 'next_cursor of the page before' }),
});

/** Query of GET /tasks/{task_id}. */
export const taskQuery = closedObject('parameter', { project });

/** Query of PUT /tasks/{task_id}/status. */
export const moveQuery = closedObject('parameter', {
  project: projectId
    .optional()
    .openapi({ description: 'Needed only where several projects have a task of that id' }),
});

/** Query of the routes that take none. */
export const noQuery = closedObject('parameter', {});

const move = {
  status,
  reset: z
    .boolean()
    .default(false)
    .openapi({ description: 'Allows the way back to pending, which clears the completion' }),
};

/** The part of a move's body that the transition table decides on. */
export const transitionRequest = z.object(move);

/** Body of PUT /tasks/{task_id}/status. */
export const moveBody = closedObject('field', {
  ...move,
  completion_notes: notes
    .nullable()
    .default(null)
    .openapi({ description: 'Kept when not empty; cleared by a reset' }),
}).openapi('MoveRequest', {
  example: {
    status: 'completed',
    completion_notes: 'PRD-006 v1 generated, 26/26 validation passed',
  },
});

const newTask = closedObject('field', {
  task_id: taskId,
  project_id: projectId,
  description: text({ min: 1, max: LIMITS.descriptionCharacters }),
  generator_name: text({ max: LIMITS.generatorNameCharacters }).nullable().default(null),
  status: status.default('pending'),
  inputs: artifacts,
  expected_outputs: artifacts,
  context_notes: notes.nullable().default(null),
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

/** Body of POST /tasks/batch. */
export const batchBody = closedObject('field', {
  tasks: z
    .array(newTask)
    .min(1, { error: 'must have at least one task' })
    .max(LIMITS.tasksPerBatch, { error: `must have at most ${LIMITS.tasksPerBatch} tasks` })
    .superRefine((batch, context) => {
      const duplicates = duplicatesIn(batch);
      if (duplicates.length === 0) return;
      const message = `Duplicate task ids in one batch: ${duplicates.join(', ')}. Give each task an id of its own`;
      context.addIssue({ code: 'custom', message });
    }),
}).openapi('BatchRequest', { example: EXAMPLE_BATCH });
