import { type SQLWrapper, sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../../domain/task.ts';
import { isOneOf, literal, number } from './literals.ts';

type Checked =
  | 'attempt'
  | 'claim_slot'
  | 'claim_token'
  | 'claimed_by'
  | 'completed_at'
  | 'completion_notes'
  | 'context_notes'
  | 'description'
  | 'expected_outputs'
  | 'generator_name'
  | 'inputs'
  | 'labels'
  | 'last_error'
  | 'lease_expires_at'
  | 'lease_seconds'
  | 'max_attempts'
  | 'metadata'
  | 'priority'
  | 'project_id'
  | 'status'
  | 'task_id';

/** The constraints on every row, whoever writes it. */
export function taskChecks(task: Record<Checked, SQLWrapper>) {
  return [
    check(
      'tasks_task_id_format',
      sql`${task.task_id} ~ ${literal(TASK_ID_PATTERN.source)} and char_length(${task.task_id}) <= ${number(LIMITS.taskIdCharacters)}`,
    ),
    check('tasks_project_id_format', sql`${task.project_id} ~ ${literal(PROJECT_ID_PATTERN.source)}`),
    check('tasks_status_known', isOneOf(task.status, STATUSES)),
    check(
      'tasks_text_lengths',
      sql`char_length(${task.description}) between 1 and ${number(LIMITS.descriptionCharacters)}
        and char_length(${task.generator_name}) <= ${number(LIMITS.generatorNameCharacters)}
        and char_length(${task.context_notes}) <= ${number(LIMITS.notesCharacters)}
        and char_length(${task.completion_notes}) <= ${number(LIMITS.notesCharacters)}
        and char_length(${task.last_error}) <= ${number(LIMITS.errorCharacters)}
        and char_length(${task.claimed_by}) between 1 and ${number(LIMITS.agentIdCharacters)}`,
    ),
    check(
      'tasks_lists_are_arrays',
      sql`jsonb_typeof(${task.inputs}) = 'array' and jsonb_typeof(${task.expected_outputs}) = 'array'`,
    ),
    check(
      'tasks_labels_and_metadata',
      sql`jsonb_typeof(${task.labels}) = 'array' and jsonb_typeof(${task.metadata}) = 'object'`,
    ),
    check(
      'tasks_completed_at_iff_completed',
      sql`(${task.status} = 'completed') = (${task.completed_at} is not null)`,
    ),
    check('tasks_priority_range', sql`${task.priority} between 0 and ${number(LIMITS.lastPriority)}`),
    check(
      'tasks_attempts_in_bounds',
      sql`${task.max_attempts} between 1 and ${number(LIMITS.attempts)}
        and ${task.attempt} between 0 and ${task.max_attempts}`,
    ),
    check(
      'tasks_claims_are_whole',
      sql`num_nulls(${task.claimed_by}, ${task.claim_token}, ${task.claim_slot}, ${task.lease_seconds}, ${task.lease_expires_at}) in (0, 5)
        and (${task.claimed_by} is null or ${task.status} = 'in_progress')`,
    ),
  ];
}
