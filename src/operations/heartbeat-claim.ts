import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { leaseOf } from '../db/sql/lease.ts';
import { taskColumns, toClaim, toTask } from '../db/sql/task-row.ts';
import type { Caller } from '../domain/access.ts';
import type { Claim } from '../domain/claims.ts';
import type { Task } from '../domain/task.ts';
import { defineAddressedWrite, runHoldersWrite, type TaskAddress } from './addressed-write.ts';

export interface HeartbeatInput extends TaskAddress {
  readonly claimToken: number;
  /** The length of the new lease; that of the last one when null. */
  readonly leaseSeconds: number | null;
}

/** The task and the claim on it, its lease renewed. */
export interface RenewedClaim {
  readonly task: Task;
  readonly claim: Claim;
}

/** A lease that has expired is renewed as well: until a claim gives the task to another or up, the token holds. */
export const HEARTBEAT_CLAIM = defineAddressedWrite<{ leaseSeconds: number | null }, RenewedClaim>({
  name: 'heartbeat_claim',
  steps: (value) => sql`
    done as (
      update ${tasks}
      set ${leaseOf(sql`coalesce(${value('leaseSeconds')}::int, tasks.lease_seconds)`, sql`target.now`)}
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.holds
      returning tasks.*
    )`,
  columns: sql`done.claim_token, ${taskColumns('done')}`,
  toDone: (row) => ({ task: toTask(row), claim: toClaim(row) }),
});

/**
 * Renews the lease of a claim. Rejects with `project_forbidden`, `task_not_found`, `ambiguous_task`,
 * `claimed_by_other` or `claim_lost`, and then changes nothing.
 */
export async function heartbeatClaim(
  database: Database,
  input: HeartbeatInput,
  caller: Caller,
): Promise<RenewedClaim> {
  const { claimToken, leaseSeconds } = input;
  const values = { claimToken, leaseSeconds };
  return await runHoldersWrite(database, HEARTBEAT_CLAIM, input, values, caller);
}
