import { sql } from 'drizzle-orm/sql';
import { EXAMPLE_CLAIM } from '../contract/examples.ts';
import { heartbeatClaimInput, heartbeatClaimOutput } from '../contract/heartbeat-claim.ts';
import { renewedLease } from '../db/sql/lease.ts';
import { CLAIM_ERRORS, defineAddressedWrite, runHoldersWrite, statementsOf } from './addressed-write.ts';
import { defineOperation } from './define-operation.ts';
import { type Claim, type Task, taskColumns, toClaim, toTask } from './shown-task.ts';

interface RenewedClaim {
  readonly task: Task;
  readonly claim: Claim;
}

/** Renews an expired lease, too: the token holds until another claim takes the task or gives it up. */
const HEARTBEAT_CLAIM = defineAddressedWrite<{ lease_seconds: number | null }, RenewedClaim>({
  name: 'heartbeat_claim',
  steps: (value) => sql`
    done as (
      update tasks
      set ${renewedLease(sql`coalesce(${value('lease_seconds')}::int, tasks.lease_seconds)`, sql`target.now`)}
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.holds
      returning tasks.*
    )`,
  columns: () => sql`done.last_claim_token, ${taskColumns('done')}`,
  toDone: (row) => ({ task: toTask(row), claim: toClaim(row) }),
});

/** Renews the lease of a claim. Rejects with CLAIM_ERRORS, and then changes nothing. */
export const heartbeatClaim = defineOperation({
  name: 'heartbeat_claim',
  scope: 'write',
  summary: 'Renew the lease of a claim',
  description:
    'Shows that the agent is still at work. It also renews an expired lease while no other agent has taken the task; on the last attempt, until any agent claims in the project.',
  answer: 'The claim with its new lease',
  errors: [...CLAIM_ERRORS],
  input: heartbeatClaimInput,
  output: heartbeatClaimOutput,
  projects: ({ project }) => (project === undefined ? [] : [project]),
  statements: statementsOf(HEARTBEAT_CLAIM),
  examples: [
    { task_id: 'TASK-051', claim_token: EXAMPLE_CLAIM.token },
    {
      task_id: 'TASK-051',
      project: 'ai-agent-mcp-server',
      claim_token: EXAMPLE_CLAIM.token,
      lease_seconds: 600,
    },
  ],
  run: (work, { claim_token, lease_seconds, ...address }) =>
    runHoldersWrite(work, HEARTBEAT_CLAIM, address, { claim_token, lease_seconds }),
});
