import { sql } from 'drizzle-orm';
import { boolean, check, pgTable, uuid } from 'drizzle-orm/pg-core';
import { xid8 } from './xid-column.ts';

/** One row. */
export const logState = pgTable(
  'log_state',
  {
    id: boolean().primaryKey().default(true),
    /** Changes where transaction ids start anew, as after a restored dump: older cursors mean nothing then. */
    epoch: uuid().notNull().defaultRandom(),
    /** `task_counters` has every event of an earlier transaction, and none of a later one. */
    counted_before: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (state) => [check('log_state_is_one_row', sql`${state.id}`)],
);
