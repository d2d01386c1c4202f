import { bigint, pgTable, text } from 'drizzle-orm/pg-core';
import { xid8 } from './xid-column.ts';

/** Up to where the log of a project has been deleted; no row where all of it is kept. */
export const logFloors = pgTable('log_floors', {
  project_id: text().primaryKey(),
  /** With `seq` the position of the last event that was deleted. */
  xid: xid8().notNull(),
  seq: bigint({ mode: 'number' }).notNull(),
});
