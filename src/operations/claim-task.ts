import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { claimTaskInput, claimTaskOutput } from '../contract/claim-task.ts';
import { isViolationOf } from '../db/database.ts';
import { CLAIM_SLOTS } from '../db/schema/names.ts';
import { constant } from '../db/sql/constant.ts';
import { LEASE_EXPIRED, NO_CLAIM } from '../db/sql/ended-claim.ts';
import { leaseOf } from '../db/sql/lease.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { statusChange } from '../db/sql/status-change.ts';
import { type Bind, defineWrite, type RawRow, type WriteParts } from '../db/statement.ts';
import { MAX_GIVEN_UP, MAX_WAIT_SECONDS } from '../domain/claims.ts';
import { resultOf } from '../domain/transitions.ts';
import { defineOperation } from './define-operation.ts';
import { taskColumns, toClaim, toTask } from './shown-task.ts';

type ClaimResult = z.output<typeof claimTaskOutput>;

type ClaimValues = ProjectScope & {
  readonly project_id: string;
  readonly agent_id: string;
  readonly lease_seconds: number;
  readonly capacity: number;
  /** Gives an outcome even if contended tasks were skipped; on earlier looks there is none, and nothing recorded. */
  readonly is_last_look: boolean;
};
type ClaimForGenerator = ClaimValues & { readonly generator_name: string };

const isEligible = (value: Bind<ClaimValues>, filter: SQL): SQL => sql`project_id = ${value('project_id')}
        and claimable_at <= (select now from clock)
        and attempt < max_attempts
        and ${isAllowed(value('project_id'), value('allowed_projects'))}${filter}`;

const isOwn = (value: Bind<ClaimValues>): SQL => sql`project_id = ${value('project_id')}
        and claimed_by = ${value('agent_id')}
        and ${isAllowed(value('project_id'), value('allowed_projects'))}`;

/** Finds the next due task of a status, or the end of the first lease, in the first entry of an index. */
const firstAwaited = (value: Bind<ClaimValues>, status: SQL, filter: SQL): SQL => sql`
      select claimable_at as moment
      from tasks
      where project_id = ${value('project_id')}
        and status = ${status}
        and claimable_at > '-infinity'
        and claimable_at > clock.now
        and ${isAllowed(value('project_id'), value('allowed_projects'))}${filter}
      order by claimable_at
      limit 1`;

// `own` waits for the agent's locked claims. If one ended meanwhile, `clock` is empty and nothing happens: another
// claim may have taken a task that this snapshot does not show. `picked` skips locked rows, so claims never wait for
// each other. The unique index on slots keeps the capacity; random slots rarely collide.
const claimTaskParts = (value: Bind<ClaimValues>, filter: SQL): WriteParts => ({
  steps: sql`
    own as materialized (
      select task_id, project_id, claim_token, claim_slot, lease_expires_at
      from tasks
      where ${isOwn(value)}
      order by claim_token
      for update of tasks
    ),
    clock as materialized (
      select task_clock() as now
      from (select count(*) as claims from own) as locked
      where locked.claims = (select count(*) from tasks where ${isOwn(value)})
    ),
    live as (
      select own.task_id, own.project_id, own.claim_token
      from own, clock
      where own.lease_expires_at > clock.now
    ),
    current as (
      select task_id, project_id
      from live
      where (select count(*) from live) >= ${value('capacity')}::int
      order by claim_token
      limit 1
    ),
    spent as (
      select task_id, project_id
      from tasks
      where project_id = ${value('project_id')}
        and lease_expires_at <= (select now from clock)
        and claimed_by is not null
        and attempt >= max_attempts
        and ${isAllowed(value('project_id'), value('allowed_projects'))}
      order by lease_expires_at
      limit ${constant(MAX_GIVEN_UP)}
      for update of tasks skip locked
    ),
    given_up as (
      update tasks
      set ${statusChange(constant(resultOf('expiry')), sql`clock.now`)},
          last_error = ${LEASE_EXPIRED},
          ${NO_CLAIM}
      from spent, clock
      where tasks.task_id = spent.task_id
        and tasks.project_id = spent.project_id
    ),
    picked as (
      select task_id, project_id
      from tasks
      where ${isEligible(value, filter)}
        and not exists (select from current)
      order by priority, seq
      limit 1
      for update of tasks skip locked
    ),
    taken as (
      update tasks
      set ${statusChange(constant(resultOf('claim')), sql`clock.now`)},
          attempt = tasks.attempt + 1,
          retry_at = null,
          last_error = case when tasks.claimed_by is null then tasks.last_error else ${LEASE_EXPIRED} end,
          claimed_by = ${value('agent_id')},
          claim_token = nextval('claim_tokens'),
          claim_slot = (
            select slot
            from (
              select slot
              from generate_series(1, ${value('capacity')}::int + (select count(*) from own)) as slot
              where slot not in (select claim_slot from own)
              order by slot
              limit ${value('capacity')}::int - (select count(*) from live)
            ) as free
            order by random()
            limit 1
          ),
          ${leaseOf(sql`${value('lease_seconds')}::int`, sql`clock.now`)}
      from picked, clock
      where tasks.task_id = picked.task_id
        and tasks.project_id = picked.project_id
      returning tasks.*
    ),
    renewed as (
      update tasks
      set ${leaseOf(sql`${value('lease_seconds')}::int`, sql`clock.now`)}
      from current, clock
      where tasks.task_id = current.task_id
        and tasks.project_id = current.project_id
      returning tasks.*
    ),
    held as (
      select 'claimed' as reason, taken.* from taken
      union all
      select 'continue_current', renewed.* from renewed
    ),
    passed as materialized (
      select task_id
      from tasks
      where ${isEligible(value, filter)}
        and not exists (select from held)
      order by priority, seq
      limit 1
    )`,
  outcome: sql`
    select
      coalesce(
        held.reason,
        case
          when passed.task_id is not null or due.moment is not null then 'none_due'
          when lease.moment is not null then 'all_claimed'
          else 'none_pending'
        end
      ) as reason,
      case
        when passed.task_id is not null then 1
        when due.moment is not null or lease.moment is not null then least(
          ceil(extract(epoch from least(due.moment, lease.moment) - clock.now)),
          ${constant(MAX_WAIT_SECONDS)}
        )::int
      end as retry_after_seconds,
      held.claim_token,
      ${taskColumns('held')}
    from clock
    left join held on true
    left join lateral (${firstAwaited(value, sql`'pending'`, filter)}
    ) as due on held.task_id is null
    left join lateral (${firstAwaited(value, sql`'in_progress'`, filter)}
    ) as lease on held.task_id is null
    left join passed on true
    where passed.task_id is null
       or ${value('is_last_look')}::boolean`,
});

function toResult(row: RawRow): ClaimResult {
  const isHeld = row['task_id'] !== null;
  const seconds = row['retry_after_seconds'] as number | null;
  return {
    task: isHeld ? toTask(row) : null,
    // The statement's own literals.
    reason: row['reason'] as ClaimResult['reason'],
    claim: isHeld ? toClaim(row) : null,
    ...(seconds === null ? {} : { retry_after_seconds: seconds }),
  };
}

const CLAIM_TASK = defineWrite<ClaimValues, ClaimResult>({
  name: 'claim_task',
  build: (value) => claimTaskParts(value, sql``),
  toRow: toResult,
});

// Separate, because an index serves a generator only if it is always given.
const CLAIM_TASK_FOR_GENERATOR = defineWrite<ClaimForGenerator, ClaimResult>({
  name: 'claim_task_for_generator',
  build: (value) => claimTaskParts(value, sql` and generator_name = ${value('generator_name')}`),
  toRow: toResult,
});

/** How often a claim looks while tasks are contended; a collision with its agent's other claims adds a look. */
const LOOKS = 4;

/** Claims the first due task by priority, then age, or a dead agent's; at capacity, renews the agent's oldest. */
export const claimTask = defineOperation({
  name: 'claim_task',
  scope: 'write',
  summary: 'Claim the next task of a project',
  description:
    'Claims the first due task, by priority and then age, and moves it to in_progress for this agent alone. Tasks with an expired lease are due, too. An agent at its capacity gets its own oldest task back with a renewed lease.',
  answer: 'The task and the claim on it, or why there is none',
  errors: [],
  input: claimTaskInput,
  output: claimTaskOutput,
  projects: ({ project_id }) => [project_id],
  statements: [CLAIM_TASK, CLAIM_TASK_FOR_GENERATOR],
  examples: [
    { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7' },
    { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7', generator_name: 'prd-generator' },
  ],
  async run({ run }, { generator_name, ...input }) {
    for (let look = 1; ; ) {
      const values = { ...input, is_last_look: look === LOOKS };
      try {
        const [result] =
          generator_name === null
            ? await run(CLAIM_TASK, values)
            : await run(CLAIM_TASK_FOR_GENERATOR, { ...values, generator_name });
        if (result !== undefined) return result;
        look = Math.min(look + 1, LOOKS);
      } catch (error) {
        // Another claim of the agent took that slot, so each retry has one rival fewer.
        if (!isViolationOf(error, CLAIM_SLOTS)) throw error;
      }
    }
  },
});
