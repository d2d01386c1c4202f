import { sql } from 'drizzle-orm/sql';
import { constant } from '../../db/sql/constant.ts';
import { LOGGED_PROJECTS } from '../../db/sql/counts.ts';
import { floorsRaised } from '../../db/sql/log-floors.ts';
import { defineRenewal } from '../../db/statement.ts';
import { REMOVED_PER_STEP } from '../../domain/retention.ts';

const MOST = constant(REMOVED_PER_STEP.events);

// Looks only at the first events of each project, which are its oldest but for moments. An event that the metrics have
// not counted stays; so does one that a reader of the feed may not have seen, for `counted_before` is below both.
export const REMOVE_EVENTS = defineRenewal<{ readonly event_days: number }, number>({
  name: 'remove_events',
  build: (value) => ({
    steps: sql`
    ${LOGGED_PROJECTS},
    old as materialized (
      select head.project_id, head.xid, head.seq
      from logged_projects
      cross join lateral (
        select project_id, xid, seq, at
        from task_events
        where task_events.project_id = logged_projects.project_id
          and xid < (select counted_before from log_state)
        order by xid, seq
        limit ${MOST}
      ) as head
      where head.at < task_clock() - make_interval(days => ${value('event_days')}::int)
      limit ${MOST}
    ),
    removed as (
      delete from task_events
      using old
      where task_events.project_id = old.project_id
        and task_events.xid = old.xid
        and task_events.seq = old.seq
      returning old.project_id, old.xid, old.seq
    ),${floorsRaised('removed')}`,
    outcome: sql`select count(*) as removed from removed`,
  }),
  toRow: (row) => Number(row['removed']),
});
