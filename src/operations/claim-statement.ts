import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import { LEASE_EXPIRED, NO_CLAIM } from '../db/sql/ended-claim.ts';
import { newLease, renewedLease } from '../db/sql/lease.ts';
import { BEFORE_NOTHING, before } from '../db/sql/log.ts';
import { isoMoment, isPast } from '../db/sql/moment.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { isLate } from '../db/sql/ready.ts';
import { statusChange } from '../db/sql/status-change.ts';
import type { Bind, WriteParts } from '../db/statement.ts';
import { MAX_GIVEN_UP } from '../domain/claims.ts';
import { EVENT_OF } from '../domain/events.ts';
import { resultOf } from '../domain/transitions.ts';
import { claimOutcome, repeatedClaim } from './claim-outcome.ts';
import { isPaused } from './shown-project.ts';

/** Which look ends the claim, besides one that gives a task; the others record nothing. */
export type ConcludingLook = 'any' | 'unless_contended' | 'none';

export type ClaimValues = ProjectScope & {
  readonly project_id: string;
  readonly agent_id: string;
  readonly lease_seconds: number;
  readonly capacity: number;
  readonly concludes: ConcludingLook;
};

/** The conditions on a row of `tasks` that the steps share. */
export interface Conditions {
  readonly ofProject: SQL;
  readonly ofAgent: SQL;
  /** Pending and due, by the index that has what is due. */
  readonly ready: SQL;
  /** Pending, and due since the row was written last. */
  readonly due: SQL;
  /** Somebody should look at its lease. */
  readonly unchecked: SQL;
  /** Its agent is gone, and attempts are left. */
  readonly lapsed: SQL;
}

/** 90 random bits, so that nobody can guess a token, and a restored backup cannot give the same one again. */
const RANDOM_TEXT = sql`translate(left(encode(uuid_send(gen_random_uuid()), 'base64'), 16), '+/', '-_')`;

/** Another lease may not expire: the task fails. */
const IS_LAST_EXPIRY = sql`(expiries + 1 >= coalesce(max_expiries, max_attempts))`;

const NOW = sql`(select now from clock)`;

const ONE = sql`1`;

/** The conditions for the values of a claim. */
export function conditionsOf(value: Bind<ClaimValues>): Conditions {
  const ofProject = sql`project_id = ${value('project_id')}`;
  const unchecked = sql`${ofProject}
        and ${isPast(sql`lease_check_at`, NOW)}`;
  return {
    ofProject,
    ofAgent: sql`${ofProject}
        and claimed_by = ${value('agent_id')}`,
    ready: sql`${ofProject}
        and status = 'pending'
        and ready_at is null
        and exists (select from clock)`,
    due: sql`${ofProject}
        and status = 'pending'
        and ${isLate(NOW)}`,
    unchecked,
    lapsed: sql`${unchecked}
        and lease_expires_at <= ${NOW}
        and unmet_needs = 0
        and not ${IS_LAST_EXPIRY}`,
  };
}

/**
 * The agent's claims. If one ended meanwhile, `clock` is empty and nothing happens: another may have taken its task.
 * The same goes for a project that the caller may not see.
 */
export const ownClaims = (value: Bind<ClaimValues>, { ofAgent }: Conditions, most: SQL): SQL => sql`
    own as materialized (
      select task_id, project_id, claim_token, claim_slot, lease_expires_at
      from tasks
      where ${ofAgent}
        and ${isAllowed(value('project_id'), value('allowed_projects'))}
      order by claim_token
      for update of tasks
    ),
    clock as materialized (
      select task_clock() as now
      from (select count(*) as claims from own) as locked
      where locked.claims = (select count(*) from tasks where ${ofAgent})
        and ${isAllowed(value('project_id'), value('allowed_projects'))}
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
      limit ${most}
    )`;

/** At most one row, while the project gives no task. */
export const pause = (value: Bind<ClaimValues>): SQL => sql`
    paused as materialized (
      select pause_reason as reason, paused_until as until, ${isoMoment(sql`paused_until`)} as until_text
      from projects, clock
      where project_id = ${value('project_id')}
        and ${isPaused('projects', sql`clock.now`)}
    )`;

/** Gives up the last attempts of agents that are gone. */
export const givenUp = ({ unchecked }: Conditions): SQL => sql`
    spent as (
      select task_id, project_id, status, claimed_by, attempt, started_at, progress, usage
      from tasks
      where ${unchecked}
        and lease_expires_at <= ${NOW}
        and ${IS_LAST_EXPIRY}
      order by lease_check_at
      limit ${constant(MAX_GIVEN_UP)}
      for update of tasks skip locked
    ),
    given_up as (
      update tasks
      set ${statusChange(constant(resultOf('expiry')), sql`clock.now`)},
          expiries = tasks.expiries + 1,
          last_error = ${LEASE_EXPIRED},
          ${NO_CLAIM}
      from spent, clock
      where tasks.task_id = spent.task_id
        and tasks.project_id = spent.project_id
      returning tasks.*, ${before('spent')}
    )`;

/** The first rows of a condition, locked; rows that others have locked are passed over. */
export const firstOf = (step: string, condition: SQL, filter: SQL, most: SQL = ONE): SQL => sql`
    ${sql.identifier(step)} as materialized (
      select task_id, project_id, priority, seq, status, claimed_by, attempt, started_at, progress, usage
      from tasks
      where ${condition}${filter}
        and not exists (select from current)
        and not exists (select from paused)
      order by priority, seq
      limit ${most}
      for update of tasks skip locked
    )`;

// Locked rows are skipped, so claims never wait for each other. What is ready is only looked at as far as it comes
// before what else there is: the bound is a condition of the index.
const picked = (
  { ready, due, lapsed }: Conditions,
  filter: SQL,
): SQL => sql`${firstOf('due', due, filter)},${firstOf('lapsed', lapsed, filter)},
    late as materialized (
      select *
      from (select * from due union all select * from lapsed) as candidate
      order by priority, seq
      limit 1
    ),${firstOf(
      'first_ready',
      ready,
      sql`${filter}
        and (priority, seq) < (
          coalesce((select priority from late), 32767::smallint),
          coalesce((select seq from late), 9223372036854775807)
        )`,
    )},
    picked as materialized (
      select *, nextval('claim_tokens') as generation
      from (
        select * from first_ready
        union all
        select * from late where not exists (select from first_ready)
      ) as first
    )`;

/** The change of a task that is taken, into that slot. */
export const takenInto = (value: Bind<ClaimValues>, slot: SQL): SQL => sql`
    taken as (
      update tasks
      set ${statusChange(constant(resultOf('claim')), sql`clock.now`)},
          attempt = tasks.attempt + case when tasks.claimed_by is null then 1 else 0 end,
          expiries = tasks.expiries + case when tasks.claimed_by is null then 0 else 1 end,
          last_error = case when tasks.claimed_by is null then tasks.last_error else ${LEASE_EXPIRED} end,
          claimed_by = ${value('agent_id')},
          claim_token = picked.generation,
          last_claim_token = picked.generation || '.' || ${RANDOM_TEXT},
          claim_slot = ${slot},
          moved_by_holder = false,
          progress = null,
          usage = null,
          ${newLease(sql`${value('lease_seconds')}::int`, sql`clock.now`)}
      from picked, clock
      where tasks.task_id = picked.task_id
        and tasks.project_id = picked.project_id
      returning tasks.*, ${before('picked')}
    ),
    renewed as (
      update tasks
      set ${renewedLease(sql`${value('lease_seconds')}::int`, sql`clock.now`)}
      from current, clock
      where tasks.task_id = current.task_id
        and tasks.project_id = current.project_id
      returning tasks.*, ${BEFORE_NOTHING}
    ),
    held as (
      select 'claimed' as reason, taken.* from taken
      union all
      select 'continue_current', renewed.* from renewed
    )`;

// The unique index on slots keeps the capacity; random slots rarely collide.
const taken = (value: Bind<ClaimValues>): SQL =>
  takenInto(
    value,
    sql`(
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
          )`,
  );

/** Claims the first due task that the filter admits. */
export function claimParts(value: Bind<ClaimValues>, filter: SQL): WriteParts {
  const conditions = conditionsOf(value);
  const steps = sql`${ownClaims(value, conditions, ONE)},${pause(value)},${givenUp(conditions)},${picked(conditions, filter)},${taken(value)}`;
  return {
    ...partsFrom(conditions, filter, steps),
    outcome: claimOutcome(outcomeOf(value, conditions, filter)),
    concludes: sql`is_final`,
    repeated: repeatedClaim(),
  };
}

/** What the outcome of a claim looks at. */
export function outcomeOf(value: Bind<ClaimValues>, { ofProject }: Conditions, filter: SQL) {
  return { ofProject, project: value('project_id'), filter, concludes: value('concludes') };
}

/** The steps of a claim with what they tell its outcome, and the changes that they make. */
export function partsFrom(
  { ready, due, lapsed, unchecked }: Conditions,
  filter: SQL,
  steps: SQL,
): Pick<WriteParts, 'steps' | 'changes'> {
  // In the order of an index: without one, the planner may look for the first row by reading the table.
  const isThere = (condition: SQL, order: SQL) => sql`exists (
          select from (select from tasks where ${condition}${filter} order by ${order} limit 1) as found
        )`;
  return {
    steps: sql`${steps},
    passed as materialized (
      select
        not exists (select from held)
        and (
          ${isThere(ready, sql`priority, seq`)}
          or ${isThere(due, sql`ready_at`)}
          or ${isThere(lapsed, sql`lease_check_at`)}
        ) as is_there,
        exists (select from given_up where in_graph) as may_release,
        exists (select from late)
          or exists (
            select
            from (
              select from tasks where ${unchecked} and lease_expires_at > ${NOW} order by lease_check_at limit 1
            ) as outlived
          ) as is_untidy
    )`,
    changes: [
      {
        rows: 'taken',
        type: EVENT_OF.claim,
        agent: sql`claimed_by`,
        data: sql`jsonb_strip_nulls(jsonb_build_object('lease_seconds', lease_seconds, 'taken_from', holder))`,
        own: sql`true`,
      },
      { rows: 'given_up', type: EVENT_OF.expiry },
    ],
  };
}
