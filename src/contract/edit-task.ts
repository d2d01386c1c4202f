import { z } from 'zod';
import { DEFAULTS, LIMITS } from '../domain/task.ts';
import { EXAMPLE_TASK } from './examples.ts';
import { artifacts, generatorName, notes, project, taskId, unlessAbsent, wholeNumber } from './fields.ts';
import type { Input } from './input.ts';
import { labels, metadata } from './labels.ts';
import { givenMoment } from './moment.ts';
import { task } from './task.ts';
import { text } from './text.ts';

/** What an edit may change; a column each. */
export const editableFields = {
  description: text({ min: 1, max: LIMITS.descriptionCharacters })
    .optional()
    .meta({ description: 'Default: as it is' }),
  generator_name: unlessAbsent(generatorName, null),
  inputs: unlessAbsent(artifacts, [], 'Fixed once the task is completed'),
  expected_outputs: unlessAbsent(artifacts, [], 'Fixed once the task is completed'),
  context_notes: unlessAbsent(notes, null),
  priority: unlessAbsent(
    wholeNumber(0, LIMITS.lastPriority),
    DEFAULTS.priority,
    `0 is the most urgent, 4 the least; null stands for ${DEFAULTS.priority}`,
  ),
  not_before: unlessAbsent(givenMoment, null),
  max_attempts: unlessAbsent(
    wholeNumber(1, LIMITS.attempts),
    DEFAULTS.maxAttempts,
    `At least as many as the task has had; null stands for ${DEFAULTS.maxAttempts}`,
  ),
  labels: unlessAbsent(labels, []),
  metadata: unlessAbsent(
    metadata,
    null,
    'A merge patch (RFC 7396): what it leaves out stays, and null takes a member away. The result has at most 4 KiB',
  ),
};

const NAMES = Object.keys(editableFields);

/** The largest that a revision can be: that of the column. */
export const LAST_REVISION = 2_147_483_647;

export const editTaskInput = {
  fields: {
    task_id: taskId,
    project,
    // 0 is that of no task.
    expected_revision: wholeNumber(0, LAST_REVISION).optional().meta({
      description: 'The edit is refused unless the task has this revision; without it, whatever it has',
    }),
    ...editableFields,
  },
  rule: (fields, context) => {
    if (NAMES.some((name) => fields[name] !== undefined)) return;
    const message = `must have at least one of ${NAMES.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  },
} satisfies Input;

export const editTaskOutput = z
  .strictObject({ updated_task: task })
  .meta({ example: { updated_task: { ...EXAMPLE_TASK, priority: 0, effective_priority: 0, revision: 2 } } });
