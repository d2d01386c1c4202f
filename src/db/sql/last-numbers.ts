import { type SQL, sql } from 'drizzle-orm/sql';

/**
 * The greatest number of each prefix after that one, given out or noted, of so many prefixes at most: rows of prefix and
 * number. `ofProject` is a condition on either table.
 */
export function lastNumbers(ofProject: SQL, after: SQL, most: SQL): SQL {
  return sql`
          select prefix, max(number) as number
          from (
            (
              select prefix, last_number as number
              from id_counters
              where ${ofProject}
                and prefix > ${after}
                and last_number > 0
              order by prefix
              limit ${most}
            )
            union all
            (
              select prefix, max(number)
              from id_floors
              where ${ofProject}
                and prefix > ${after}
              group by prefix
              having max(number) > 0
              order by prefix
              limit ${most}
            )
          ) as known
          group by prefix
          order by prefix
          limit ${most}`;
}
