import { type SQLWrapper, sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../../domain/task.ts';
import { literal, number } from './literals.ts';

type Checked =
  | 'attempt'
  | 'claimSlot'
  | 'claimToken'
  | 'claimedBy'
  | 'completedAt'
  | 'completionNotes'
  | 'contextNotes'
  | 'description'
  | 'expectedOutputs'
  | 'generatorName'
  | 'inputs'
  | 'lastError'
  | 'leaseExpiresAt'
  | 'leaseSeconds'
  | 'maxAttempts'
  | 'priority'
  | 'projectId'
  | 'status'
  | 'taskId';

/** What holds for every row, whoever writes it. */
export function taskChecks(task: Record<Checked, SQLWrapper>) {
  return [
    check(
      'tasks_task_id_format',
      sql`${task.taskId} ~ ${literal(TASK_ID_PATTERN.source)} and char_length(${task.taskId}) <= ${number(LIMITS.taskIdCharacters)}`,
    ),
    check('tasks_project_id_format', sql`${task.projectId} ~ ${literal(PROJECT_ID_PATTERN.source)}`),
    check('tasks_status_known', sql`${task.status} in (${sql.join(STATUSES.map(literal), sql`, `)})`),
    check(
      'tasks_text_lengths',
      sql`char_length(${task.description}) between 1 and ${number(LIMITS.descriptionCharacters)}
        and char_length(${task.generatorName}) <= ${number(LIMITS.generatorNameCharacters)}
        and char_length(${task.contextNotes}) <= ${number(LIMITS.notesCharacters)}
        and char_length(${task.completionNotes}) <= ${number(LIMITS.notesCharacters)}
        and char_length(${task.lastError}) <= ${number(LIMITS.errorCharacters)}
        and char_length(${task.claimedBy}) between 1 and ${number(LIMITS.agentIdCharacters)}`,
    ),
    check(
      'tasks_lists_are_arrays',
      sql`jsonb_typeof(${task.inputs}) = 'array' and jsonb_typeof(${task.expectedOutputs}) = 'array'`,
    ),
    check(
      'tasks_completed_at_iff_completed',
      sql`(${task.status} = 'completed') = (${task.completedAt} is not null)`,
    ),
    check('tasks_priority_range', sql`${task.priority} between 0 and ${number(LIMITS.lastPriority)}`),
    check(
      'tasks_attempts_in_bounds',
      sql`${task.maxAttempts} between 1 and ${number(LIMITS.attempts)}
        and ${task.attempt} between 0 and ${task.maxAttempts}`,
    ),
    check(
      'tasks_claims_are_whole',
      sql`num_nulls(${task.claimedBy}, ${task.claimToken}, ${task.claimSlot}, ${task.leaseSeconds}, ${task.leaseExpiresAt}) in (0, 5)
        and (${task.claimedBy} is null or ${task.status} = 'in_progress')`,
    ),
  ];
}
