import { z } from 'zod';
import { MAX_RUN_SECONDS } from '../domain/attempts.ts';
import { DEFAULTS, LIMITS, STATUSES } from '../domain/task.ts';
import { shownArtifact, shownProgress, shownUsage } from './attempt.ts';
import { EXAMPLE_TASK } from './examples.ts';
import {
  artifacts,
  generatorName,
  notes,
  projectId,
  status,
  taskId,
  unlessLeftOut,
  wholeNumber,
} from './fields.ts';
import { labels, metadata } from './labels.ts';
import { givenMoment } from './moment.ts';
import { text } from './text.ts';

const moment = z.iso.datetime();

/** A task in every answer: all its fields, null where empty. */
export const task = z
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
    effective_priority: z
      .int()
      .meta({ description: 'That of the most urgent task that waits for it, or its own; claims go by it' }),
    unmet_needs: z.int().meta({ description: 'Groups of needs that are not met; a task is ready at 0' }),
    stuck_needs: z.int().meta({ description: 'Of those, the ones that can no longer be met' }),
    stale: z.boolean().meta({ description: 'What it needed was withdrawn while somebody worked on it' }),
    not_before: moment.nullable(),
    max_attempts: z.int(),
    attempt: z.int().meta({ description: 'Claims so far, without those that were released or expired' }),
    retry_at: moment.nullable(),
    last_error: z.string().nullable(),
    expiries: z.int().meta({ description: 'Leases that expired; they are no failed attempts' }),
    max_expiries: z.int().nullable().meta({ description: 'null stands for max_attempts' }),
    max_run_seconds: z.int().nullable(),
    progress: shownProgress.nullable().meta({ description: 'Of the attempt that is under way' }),
    usage: shownUsage.nullable().meta({ description: 'Of the attempt that is under way' }),
    result: z
      .unknown()
      .refine((value): boolean => value !== undefined)
      .meta({ description: 'The JSON that the completion gave; null without' }),
    artifacts: z.array(shownArtifact),
    claimed_by: z.string().nullable(),
    lease_expires_at: moment.nullable(),
    last_heartbeat_at: moment.nullable().meta({
      description: 'The claim itself counts; null without one',
    }),
    labels: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()).meta({ description: 'What clients keep with the task' }),
    note_count: z.int().meta({ description: 'How many notes the task has' }),
    revision: z.int().meta({
      description:
        'Grows with each edit and each change of its needs; no claim, heartbeat, move or note changes it',
    }),
  })
  .meta({ example: EXAMPLE_TASK });

export type Task = z.infer<typeof task>;

export const newTaskFields = {
  task_id: taskId.optional().meta({
    description: 'Default: the next of the project, such as TASK-051',
  }),
  project_id: projectId.optional().meta({ description: 'Default: that of the batch' }),
  description: text({ min: 1, max: LIMITS.descriptionCharacters }),
  generator_name: unlessLeftOut(generatorName.nullable(), null),
  status: unlessLeftOut(status, 'pending'),
  inputs: unlessLeftOut(artifacts, []),
  expected_outputs: unlessLeftOut(artifacts, []),
  context_notes: unlessLeftOut(notes.nullable(), null),
  priority: unlessLeftOut(
    wholeNumber(0, LIMITS.lastPriority),
    DEFAULTS.priority,
    '0 is the most urgent, 4 the least',
  ),
  not_before: unlessLeftOut(givenMoment.nullable(), null, 'No agent can claim the task earlier'),
  max_attempts: unlessLeftOut(
    wholeNumber(1, LIMITS.attempts),
    DEFAULTS.maxAttempts,
    'After that many failed claims, the task stays failed',
  ),
  max_expiries: unlessLeftOut(
    wholeNumber(1, LIMITS.attempts).nullable(),
    null,
    'After that many expired leases, the task fails; null stands for max_attempts',
  ),
  max_run_seconds: unlessLeftOut(
    wholeNumber(MAX_RUN_SECONDS.min, MAX_RUN_SECONDS.max).nullable(),
    null,
    'How long one claim may last, heartbeats included',
  ),
  labels: unlessLeftOut(labels, []),
  metadata: unlessLeftOut(metadata, {}, 'Any JSON object of at most 4 KiB'),
};
