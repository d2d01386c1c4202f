import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/task.ts';
import { closedObject } from './closed-object.ts';
import { cursor } from './cursor.ts';
import {
  claimToken,
  delaySeconds,
  flag,
  notes,
  project,
  projectId,
  status,
  taskId,
  unlessLeftOut,
} from './fields.ts';
import { writeHeaders } from './idempotency-key.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

const limit = z
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
  .openapi({
    type: 'integer',
    minimum: 1,
    maximum: LIMITS.tasksPerPage,
    default: LIMITS.tasksPerPage,
    description: `A page is shorter where the texts of its tasks exceed ${LIMITS.pageBytes / 2 ** 20} MiB; only next_cursor tells the end`,
  });

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
  reset: unlessLeftOut(flag, false, 'Allows the way back to pending, which clears the completion'),
};

/** The part of a move's body that the transition table decides on. */
export const transitionRequest = z.object(move);

/** Body of PUT /tasks/{task_id}/status. */
export const moveBody = closedObject('field', {
  ...move,
  completion_notes: unlessLeftOut(notes.nullable(), null, 'Kept when not empty; cleared by a reset'),
  claim_token: unlessLeftOut(
    claimToken.nullable(),
    null,
    'Of the claim under which you work; needed while it is live',
  ),
  force: unlessLeftOut(flag, false, 'Moves the task whoever has claimed it; needs the scope admin'),
  error: unlessLeftOut(
    text({ min: 1, max: LIMITS.errorCharacters }).nullable(),
    null,
    'Why the attempt failed; kept as last_error. With status failed only',
  ),
  delay_seconds: unlessLeftOut(
    delaySeconds,
    null,
    'How long the next attempt waits, instead of the computed pause. With status failed only',
  ),
})
  .superRefine((body, context) => {
    if (body.status === 'failed') return;
    for (const name of ['error', 'delay_seconds'] as const) {
      if (body[name] === null) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'goes with the status failed only; leave it out',
      });
    }
  })
  .openapi('MoveRequest', {
    example: {
      status: 'completed',
      completion_notes: 'PRD-006 v1 generated, 26/26 validation passed',
    },
  });

/** The request of a write to one task: its key, the task's address and a body. */
export function writeToTask<Body extends z.ZodType>(schema: Body) {
  return {
    headers: writeHeaders,
    params: taskPath,
    query: moveQuery,
    body: { required: true, content: { 'application/json': { schema } } },
  };
}
