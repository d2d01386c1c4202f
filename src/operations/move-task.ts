import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { tasks } from '../db/schema/index.ts';
import { NO_CLAIM } from '../db/sql/ended-claim.ts';
import { statusChange } from '../db/sql/status-change.ts';
import { taskColumns, toTask } from '../db/sql/task-row.ts';
import { type Caller, requireScope } from '../domain/access.ts';
import { BACKOFF } from '../domain/claims.ts';
import { invalidTransition } from '../domain/conflicts.ts';
import type { Status, Task } from '../domain/task.ts';
import type { TransitionPlan } from '../domain/transitions.ts';
import {
  claimRefusal,
  defineAddressedWrite,
  runAddressedWrite,
  type TaskAddress,
} from './addressed-write.ts';

/** What a caller wants of a task. */
export interface MoveInput extends TaskAddress {
  readonly plan: TransitionPlan;
  /** Kept with the task when not empty. */
  readonly completionNotes: string | null;
  /** The token of the claim under which the caller works, if it has one. */
  readonly claimToken: number | null;
  /** Moves the task whoever has claimed it. */
  readonly force: boolean;
  /** Why an attempt failed. */
  readonly error: string | null;
  /** The pause before the next attempt after a failed one, in seconds, instead of the computed one. */
  readonly delaySeconds: number | null;
}

type MoveValues = {
  readonly to: Status;
  readonly moveFrom: readonly Status[];
  readonly resetFrom: readonly Status[];
  readonly completionNotes: string | null;
  readonly claimToken: number | null;
  readonly force: boolean;
  readonly error: string | null;
  readonly delaySeconds: number | null;
};

const number = (value: number) => sql.raw(String(value));

/** The pause in seconds unless one is given; the exponent is bounded, for beyond it the pause is the longest anyway. */
const PAUSE = sql`least(${number(BACKOFF.mostSeconds)}, ${number(BACKOFF.firstSeconds)} * 2 ^ least(judged.attempt, 16))
                * (1 - ${number(BACKOFF.jitter)} * random())`;

/**
 * Compare and set. Whoever works under a claim must show its token while the lease lasts, and a token is never taken
 * for another claim's. A failed attempt under a claim leads back to pending while attempts are left.
 */
export const MOVE_TASK = defineAddressedWrite<MoveValues, Task>({
  name: 'move_task',
  steps: (value) => sql`
    judged as (
      select
        target.*,
        target.status = any(${value('resetFrom')}::text[]) as is_reset,
        case
          when ${value('to')} = 'failed' and target.holds and target.attempt < target.max_attempts then 'pending'
          else ${value('to')}
        end as becomes
      from target
      where target.status = any(${value('moveFrom')}::text[] || ${value('resetFrom')}::text[])
        and (
          ${value('force')}::boolean
          or case when ${value('claimToken')}::bigint is null then not target.live else target.holds end
        )
    ),
    done as (
      update ${tasks}
      set ${statusChange(sql`judged.becomes`, sql`judged.now`)},
          completion_notes = case
            when is_reset then null
            else coalesce(nullif(${value('completionNotes')}::text, ''), tasks.completion_notes)
          end,
          attempt = case when is_reset then 0 else tasks.attempt end,
          retry_at = case
            when judged.becomes <> ${value('to')} then judged.now + make_interval(
              secs => coalesce(${value('delaySeconds')}::float8, ${PAUSE})
            )
          end,
          last_error = case
            when is_reset then null
            when ${value('to')} = 'failed' then coalesce(${value('error')}, tasks.last_error)
            else tasks.last_error
          end,
          ${NO_CLAIM}
      from judged
      where tasks.task_id = judged.task_id
        and tasks.project_id = judged.project_id
      returning tasks.*
    )`,
  columns: taskColumns('done'),
  toDone: toTask,
});

/**
 * Moves a task to another status if, and only if, the plan allows it from the status it has at that moment and
 * nobody else has it claimed. Rejects with `project_forbidden`, `insufficient_scope` (force is for admins),
 * `task_not_found`, `ambiguous_task`, `claimed_by_other`, `claim_lost` or `invalid_transition`, and then changes
 * nothing.
 */
export async function moveTask(database: Database, input: MoveInput, caller: Caller): Promise<Task> {
  const { plan, completionNotes, claimToken, force, error, delaySeconds } = input;
  if (force) requireScope(caller, 'admin');
  const { to, moveFrom, resetFrom } = plan;
  const values = { to, moveFrom, resetFrom, completionNotes, claimToken, force, error, delaySeconds };
  const outcome = await runAddressedWrite(database, MOVE_TASK, input, values, caller);
  if (outcome.done !== null) return outcome.done;
  // Who has the task comes before what may be done with it.
  const isForeign = claimToken === null ? outcome.live : !outcome.holds;
  throw isForeign && !force ? claimRefusal(outcome.task) : invalidTransition(outcome.task, to);
}
