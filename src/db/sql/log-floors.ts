import { type SQL, sql } from 'drizzle-orm/sql';

/**
 * The step `floors_raised`, for a statement that deletes from the log: cursors from before it are expired from then on.
 * `deleted` names a step with project_id, xid and seq of what goes. That has to be the first events of each project by
 * (xid, seq), all of them below `pg_snapshot_xmin(pg_current_snapshot())`: a reader has not seen what lies above.
 */
export function floorsRaised(deleted: string): SQL {
  return sql`
    floors_raised as (
      insert into log_floors as floor (project_id, xid, seq)
      select distinct on (project_id) project_id, xid, seq
      from ${sql.identifier(deleted)}
      order by project_id, xid desc, seq desc
      on conflict (project_id) do update
      set xid = excluded.xid, seq = excluded.seq
      where (floor.xid, floor.seq) < (excluded.xid, excluded.seq)
    )`;
}
