import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { EVENT_TYPES, SEALED } from '../../domain/events.ts';
import { STATUSES } from '../../domain/task.ts';
import { isOneOf } from './literals.ts';
import { moment } from './moment-column.ts';
import { TASK_EVENTS_BY_REQUEST } from './names.ts';
import { xid8 } from './xid-column.ts';

const TYPES = [...EVENT_TYPES, SEALED] as const;

/** The log: every change of a task, written by the statement that makes it. */
export const taskEvents = pgTable(
  'task_events',
  {
    /** With `seq` the place in the feed: sequences commit out of order, so a reader stops at the oldest open transaction. */
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
    /** In the order of one task's changes, whose row is locked when it is drawn. */
    seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    project_id: text().notNull(),
    task_id: text().notNull(),
    /** The version that the change led to. */
    version: integer().notNull(),
    at: moment().notNull(),
    type: text({ enum: TYPES }).notNull(),
    from_status: text({ enum: STATUSES }),
    to_status: text({ enum: STATUSES }),
    /** The name of the credential. */
    caller: text().notNull(),
    agent_id: text(),
    attempt: smallint(),
    /** From pending to in_progress or completed. */
    waited_ms: bigint({ mode: 'number' }),
    data: jsonb(),
    /** It came with an import: it happened elsewhere, so the feed does not tell it and no count has it. */
    is_history: boolean().notNull().default(false),
    /** The request whose outcome this is; a request has one at most. */
    request: uuid(),
  },
  (event) => [
    primaryKey({ name: 'task_events_pkey', columns: [event.project_id, event.xid, event.seq] }),
    index('task_events_by_task').on(event.project_id, event.task_id, event.seq),
    uniqueIndex(TASK_EVENTS_BY_REQUEST).on(event.request).where(sql`${event.request} is not null`),
    check('task_events_type_known', isOneOf(event.type, TYPES)),
  ],
);
