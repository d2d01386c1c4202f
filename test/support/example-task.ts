import { EXAMPLE_CLAIM, EXAMPLE_EXPORT } from '../../src/contract/examples.ts';
import { EMPTY_TABLES } from './empty-tables.ts';

/** The project of the operations' examples. */
export const PROJECT = 'ai-agent-mcp-server';

/** The reservation of the operations' examples. */
export const RESERVATION = '0f8fad5b-d9cb-469f-a165-70867728950e';

const state = (status: string, claim: string) => `
  ${EMPTY_TABLES};
  update log_state set epoch = '${EXAMPLE_EXPORT.epoch}';
  insert into tasks (
    task_id, project_id, description, generator_name, status,
    attempt, claimed_by, claim_token, last_claim_token, claim_slot, lease_seconds, lease_expires_at
  )
  values ('TASK-051', '${PROJECT}', 'Do it', 'prd-generator', '${status}', ${claim});
  insert into tasks (task_id, project_id, description, status, completed_at)
  values ('TASK-050', '${PROJECT}', 'Do it', 'completed', now());
  insert into id_reservations (reservation_id, project_id, artifact_type, first_number, count, expires_at)
  values
    ('${RESERVATION}', '${PROJECT}', 'US', 1, 3, now() + interval '15 minutes'),
    ('expired', '${PROJECT}', 'US', 4, 3, now() - interval '1 minute')`;

/** Statements that leave the task of the examples and one that it may need alone in the table and no request recorded; each example succeeds in one of these states. */
export const STATES = [
  state('pending', '0, null, null, null, null, null, null'),
  state('in_progress', '0, null, null, null, null, null, null'),
  state('in_progress', `1, 'holder', 1042, '${EXAMPLE_CLAIM.token}', 1, 900, now() + interval '15 minutes'`),
  `${state('pending', '0, null, null, null, null, null, null')};
  update tasks set ready_at = now() - interval '1 second'`,
  // With the need of the examples, which is met.
  `${state('pending', '0, null, null, null, null, null, null')};
  insert into task_needs (project_id, task_id, kind, need, need_group, parent, state)
  values ('${PROJECT}', 'TASK-051', 'task', 'TASK-050', 'task:TASK-050', 'TASK-050', 'met')`,
  `${state('pending', '0, null, null, null, null, null, null')};
  insert into projects (project_id) values ('${PROJECT}') on conflict do nothing`,
  // With the deleted task of the examples.
  `${state('pending', '0, null, null, null, null, null, null')};
  insert into tasks (task_id, project_id, description) values ('TASK-049', '${PROJECT}', 'Do it');
  select from delete_task('${PROJECT}', 'TASK-049', false)`,
  // With all that an export walks through.
  `${state('pending', '0, null, null, null, null, null, null')};
  insert into task_notes (project_id, task_seq, version, at, author, text)
  select project_id, seq, 1, now(), 'planner', 'Noted' from tasks;
  insert into attempts (project_id, task_id, agent_id, attempt, ended_at, outcome)
  values ('${PROJECT}', 'TASK-051', 'holder', 1, now(), 'failed');
  insert into artifacts (project_id, name, provided_at) values ('${PROJECT}', 'EPIC-006', now())`,
] as const;
