import { z } from '@hono/zod-openapi';
import { type NewTask, STATUSES, type Task } from '../../domain/task.ts';
import type { NewTaskRequest } from './batch-request.ts';
import { EXAMPLE_TASK } from './examples.ts';

const moment = z.iso.datetime();

/** A task as every answer shows it: always all its fields, null where empty. */
export const taskRepresentation = z
  .strictObject({
    task_id: z.string(),
    project_id: z.string(),
    description: z.string(),
    generator_name: z.string().nullable(),
    status: z.enum(STATUSES),
    inputs: z.array(z.string()),
    expected_outputs: z.array(z.string()),
    context_notes: z.string().nullable(),
    created_at: moment,
    updated_at: moment,
    completed_at: moment.nullable(),
    completion_notes: z.string().nullable(),
    priority: z.int(),
    not_before: moment.nullable(),
    max_attempts: z.int(),
    attempt: z.int().openapi({ description: 'Claims made so far, those that were released left out' }),
    retry_at: moment.nullable(),
    last_error: z.string().nullable(),
    claimed_by: z.string().nullable(),
    lease_expires_at: moment.nullable(),
  })
  .openapi('Task', { example: EXAMPLE_TASK });

export type TaskRepresentation = z.infer<typeof taskRepresentation>;

/** Presents a task; times are ISO 8601 in UTC. */
export function presentTask(task: Task): TaskRepresentation {
  return {
    task_id: task.taskId,
    project_id: task.projectId,
    description: task.description,
    generator_name: task.generatorName,
    status: task.status,
    inputs: [...task.inputs],
    expected_outputs: [...task.expectedOutputs],
    context_notes: task.contextNotes,
    created_at: task.createdAt.toISOString(),
    updated_at: task.updatedAt.toISOString(),
    completed_at: task.completedAt?.toISOString() ?? null,
    completion_notes: task.completionNotes,
    priority: task.priority,
    not_before: task.notBefore?.toISOString() ?? null,
    max_attempts: task.maxAttempts,
    attempt: task.attempt,
    retry_at: task.retryAt?.toISOString() ?? null,
    last_error: task.lastError,
    claimed_by: task.holder?.agentId ?? null,
    lease_expires_at: task.holder?.leaseExpiresAt.toISOString() ?? null,
  };
}

/** Reads a task that a client wants added. */
export function toNewTask(request: NewTaskRequest): NewTask {
  return {
    taskId: request.task_id,
    projectId: request.project_id,
    description: request.description,
    generatorName: request.generator_name,
    status: request.status,
    inputs: request.inputs,
    expectedOutputs: request.expected_outputs,
    contextNotes: request.context_notes,
    priority: request.priority,
    notBefore: request.not_before === null ? null : new Date(request.not_before),
    maxAttempts: request.max_attempts,
  };
}
