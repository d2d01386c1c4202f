import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { readinessCounts } from '../db/sql/readiness-counts.ts';
import { IS_PUT_OFF } from '../db/sql/ready.ts';
import { LEASES_LOOKED_AT, MAX_WAIT_SECONDS } from '../domain/claims.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { claimContext } from './claim-context.ts';
import { taskColumns } from './shown-task.ts';

interface Outcome {
  readonly ofProject: SQL;
  readonly project: SQL;
  readonly filter: SQL;
  /** Which look ends the claim. */
  readonly concludes: SQL;
}

/** Finds the next due task in the first entry of an index. */
const nextDue = ({ ofProject, filter }: Outcome): SQL => sql`
      select ready_at as moment
      from tasks
      where ${ofProject}
        and status = 'pending'
        and ${IS_PUT_OFF}
        and ready_at > clock.now${filter}
      order by ready_at
      limit 1`;

// A lease ends no earlier than it is looked at, so those that come next tell the end of the first, or a moment before.
const nextLease = ({ ofProject, filter }: Outcome): SQL => sql`
      select least(
        min(lease_expires_at) filter (where lease_expires_at > clock.now),
        case when count(*) = ${constant(LEASES_LOOKED_AT)} then max(lease_check_at) end
      ) as moment
      from (
        select lease_expires_at, lease_check_at
        from tasks
        where ${ofProject}
          and lease_check_at is not null${filter}
        order by lease_check_at
        limit ${constant(LEASES_LOOKED_AT)}
      ) as next`;

const REASON = sql`coalesce(
        held.reason,
        case
          when paused.reason is not null then 'paused'
          when passed.is_there or due_at.moment is not null then 'none_due'
          when lease.moment is not null then 'all_claimed'
          when tally.is_blocked then 'all_blocked'
          else 'none_pending'
        end
      )`;

/** When there is a reason to ask again; null where none is known. */
const NEXT_CHANCE = sql`case
          when paused.reason is null then least(due_at.moment, lease.moment)
          else paused.until
        end`;

const RETRY_AFTER = sql`case
        when passed.is_there and paused.reason is null then 1
        when ${NEXT_CHANCE} is not null then greatest(1, least(
          ceil(extract(epoch from ${NEXT_CHANCE} - clock.now)),
          ${constant(MAX_WAIT_SECONDS)}
        ))::int
      end`;

/**
 * The task that a claim got, with what its work needs, or why it got none. Counts only for a look that may be the last.
 */
export function claimOutcome(outcome: Outcome): SQL {
  return outcomeWith(
    outcome,
    'held',
    sql`held.last_claim_token,
      held.checkpoint,
      ${claimContext('held')} as context,
      ${taskColumns('held')}`,
  );
}

/** The same of several tasks: in the order in which they were given, as JSON. */
export function claimsOutcome(outcome: Outcome): SQL {
  return outcomeWith(
    outcome,
    'first_held',
    sql`(
        select coalesce(jsonb_agg(to_jsonb(given) - 'generation' order by generation), '[]')
        from (
          select
            held.claim_token as generation, held.last_claim_token, held.checkpoint,
            ${claimContext('held')} as context, ${taskColumns('held')}
          from held
        ) as given
      ) as claims`,
  );
}

function outcomeWith(outcome: Outcome, first: string, given: SQL): SQL {
  const { ofProject, project, filter, concludes } = outcome;
  return sql`
    select
      ${REASON} as reason,
      ${RETRY_AFTER} as retry_after_seconds,
      passed.is_untidy,
      held.reason is not null or case ${concludes}
        when 'any' then true
        when 'unless_contended' then paused.reason is not null or not (passed.is_there or passed.may_release)
        else false
      end as is_final,
      case when paused.reason is not null then jsonb_build_object('reason', paused.reason, 'until', paused.until_text) end
        as paused,
      tally.counts,
      ${given}
    from clock
    cross join passed
    left join ${sql.raw(first === 'held' ? first : `${first} as held`)} on true
    left join paused on held.task_id is null
    left join lateral (${nextDue(outcome)}
    ) as due_at on held.task_id is null
    left join lateral (${nextLease(outcome)}
    ) as lease on held.task_id is null
    left join lateral (
      select
        exists (
          select
          from (
            select
            from tasks
            where ${ofProject}
              and status = 'pending'
              and unmet_needs > 0${filter}
            order by stuck_needs, seq
            limit 1
          ) as first
        ) as is_blocked,
        case when ${concludes} <> 'none' then
          ${readinessCounts(project, sql`clock.now`, GRAPH_LIMITS.countedByClaim)}
        end as counts
    ) as tally on held.task_id is null`;
}

/** The answer to a claim that is sent again: what it got, as long as nobody has changed it since. */
export function repeatedClaim(): SQL {
  return sql`
    select
      'claimed' as reason, null::int as retry_after_seconds, false as is_untidy, true as is_final,
      null::jsonb as paused, null::jsonb as counts, done.last_claim_token, done.checkpoint,
      ${claimContext('done')} as context, ${taskColumns('done')}
    from done`;
}
