import { EXAMPLE_CLAIM } from '../../src/contract/examples.ts';

/** The project of the operations' examples. */
export const PROJECT = 'ai-agent-mcp-server';

const state = (status: string, claim: string) => `
  truncate tasks, idempotency_keys;
  insert into tasks (
    task_id, project_id, description, generator_name, status,
    attempt, claimed_by, claim_token, last_claim_token, claim_slot, lease_seconds, lease_expires_at
  )
  values ('TASK-051', '${PROJECT}', 'Do it', 'prd-generator', '${status}', ${claim})`;

/** Statements that leave the tasks of the examples alone in the table and no request recorded; each example succeeds in one of these states. */
export const STATES = [
  state('pending', '0, null, null, null, null, null, null'),
  state('in_progress', '0, null, null, null, null, null, null'),
  state('in_progress', `1, 'holder', 1042, '${EXAMPLE_CLAIM.token}', 1, 900, now() + interval '15 minutes'`),
  `${state('pending', '0, null, null, null, null, null, null')};
  update tasks set ready_at = now() - interval '1 second'`,
  // The first pending, the second after it.
  `${state('pending', '0, null, null, null, null, null, null')};
  insert into projects (project_id) values ('${PROJECT}') on conflict do nothing;
  insert into tasks (task_id, project_id, description) values ('TASK-052', '${PROJECT}', 'Do it')`,
  `${state('pending', '0, null, null, null, null, null, null')};
  insert into tasks (task_id, project_id, description, unmet_needs) values ('TASK-052', '${PROJECT}', 'Do it', 1);
  insert into task_needs (project_id, task_id, kind, need, need_group, parent)
  values ('${PROJECT}', 'TASK-052', 'task', 'TASK-051', 'task:TASK-051', 'TASK-051')`,
] as const;
