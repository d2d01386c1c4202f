import type { SQL } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { event } from '../contract/event.ts';
import { datedColumns } from '../db/sql/dated-columns.ts';
import type { RawRow } from '../db/statement.ts';

/** An event as clients see it. */
export type Event = z.infer<typeof event>;

// The contract's fields are columns of the table: a test compares them.
const NAMES = Object.keys(event.shape) as (keyof Event)[];

/** The columns of an Event; `alias` has the columns of the log. */
export function eventColumns(alias: string): SQL {
  return datedColumns(alias, NAMES);
}

/** Takes the columns of eventColumns out of a row. */
export function toEvent(row: RawRow): Event {
  // The columns' types, NOT NULL and CHECK constraints guarantee the values; drivers return `seq`, a bigint, as text.
  return { ...Object.fromEntries(NAMES.map((name) => [name, row[name]])), seq: Number(row['seq']) } as Event;
}
