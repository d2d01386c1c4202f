import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { NO_CLAIM } from '../db/sql/ended-claim.ts';
import { statusChange } from '../db/sql/status-change.ts';
import { taskColumns, toTask } from '../db/sql/task-row.ts';
import type { Caller } from '../domain/access.ts';
import type { Task } from '../domain/task.ts';
import { defineAddressedWrite, runHoldersWrite, type TaskAddress } from './addressed-write.ts';

export interface ReleaseInput extends TaskAddress {
  readonly claimToken: number;
  /** For how many seconds the task is not given out again; null for at once. */
  readonly delaySeconds: number | null;
  /** Kept with the task for whoever takes it next, when not empty. */
  readonly notes: string | null;
}

type ReleaseValues = { readonly delaySeconds: number | null; readonly notes: string | null };

/** To give a task back is no failure, so the attempt is not counted. */
export const RELEASE_CLAIM = defineAddressedWrite<ReleaseValues, Task>({
  name: 'release_claim',
  steps: (value) => sql`
    done as (
      update ${tasks}
      set ${statusChange(sql`'pending'`, sql`target.now`)},
          completion_notes = coalesce(nullif(${value('notes')}::text, ''), tasks.completion_notes),
          attempt = greatest(tasks.attempt - 1, 0),
          retry_at = target.now + make_interval(secs => ${value('delaySeconds')}::float8),
          ${NO_CLAIM}
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.holds
      returning tasks.*
    )`,
  columns: taskColumns('done'),
  toDone: toTask,
});

/**
 * Gives a claimed task back: it is pending again. Rejects with `project_forbidden`, `task_not_found`,
 * `ambiguous_task`, `claimed_by_other` or `claim_lost`, and then changes nothing.
 */
export async function releaseClaim(database: Database, input: ReleaseInput, caller: Caller): Promise<Task> {
  const { claimToken, delaySeconds, notes } = input;
  const values = { claimToken, delaySeconds, notes };
  return await runHoldersWrite(database, RELEASE_CLAIM, input, values, caller);
}
