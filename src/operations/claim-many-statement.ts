import { type SQL, sql } from 'drizzle-orm/sql';
import type { Bind, RecordedParts } from '../db/statement.ts';
import { claimsOutcome } from './claim-outcome.ts';
import {
  type ClaimValues,
  type Conditions,
  conditionsOf,
  firstOf,
  givenUp,
  outcomeOf,
  ownClaims,
  partsFrom,
  pause,
  takenInto,
} from './claim-statement.ts';

export type ClaimManyValues = ClaimValues & { readonly count: number };

const WANTED = sql`(select tasks from wanted)`;

// As many as are wanted. What is ready is looked at as far as it comes before the last of what else there is.
const pickedMany = (
  { ready, due, lapsed }: Conditions,
  filter: SQL,
  value: Bind<ClaimManyValues>,
): SQL => sql`
    wanted as materialized (
      select greatest(0, least(${value('count')}::int, ${value('capacity')}::int - count(*))) as tasks
      from live
    ),${firstOf('due', due, filter, WANTED)},${firstOf('lapsed', lapsed, filter, WANTED)},
    late as materialized (
      select *
      from (select * from due union all select * from lapsed) as candidate
      order by priority, seq
      limit ${WANTED}
    ),
    reach as materialized (
      select priority, seq
      from late
      order by priority, seq
      limit 1
      offset greatest(0, ${WANTED} - 1)
    ),${firstOf(
      'first_ready',
      ready,
      sql`${filter}
        and (priority, seq) < (
          coalesce((select priority from reach), 32767::smallint),
          coalesce((select seq from reach), 9223372036854775807)
        )`,
      WANTED,
    )},
    picked as materialized (
      select *, nextval('claim_tokens') as generation, row_number() over (order by priority, seq) as place
      from (
        select *
        from (select * from first_ready union all select * from late) as candidate
        order by priority, seq
        limit ${WANTED}
      ) as first
    ),
    free as materialized (
      select slot, row_number() over (order by random()) as place
      from (
        select slot
        from generate_series(1, ${value('capacity')}::int + (select count(*) from own)) as slot
        where slot not in (select claim_slot from own)
        order by slot
        limit greatest(0, ${value('capacity')}::int - (select count(*) from live))
      ) as free
    )`;

const takenMany = (value: Bind<ClaimManyValues>): SQL => sql`${takenInto(
  value,
  sql`(select slot from free where free.place = picked.place)`,
)},
    first_held as (
      select * from held order by claim_token limit 1
    )`;

/** Claims as many of the first due tasks that the filter admits as are asked for and fit into the capacity. */
export function claimManyParts(value: Bind<ClaimManyValues>, filter: SQL): RecordedParts {
  const conditions = conditionsOf(value);
  const own = ownClaims(value, conditions, sql`${value('count')}::int`);
  const steps = sql`${own},${pause(value)},${givenUp(conditions)},${pickedMany(conditions, filter, value)},${takenMany(value)}`;
  return {
    ...partsFrom(conditions, filter, steps),
    outcome: claimsOutcome(outcomeOf(value, conditions, filter)),
    concludes: sql`is_final`,
  };
}
