import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';

/** The last number that was given out after a prefix; it only grows, so no id is given out twice. */
export const idCounters = pgTable(
  'id_counters',
  {
    project_id: text().notNull(),
    prefix: text().notNull(),
    last_number: bigint({ mode: 'number' }).notNull(),
  },
  (counter) => [primaryKey({ name: 'id_counters_pkey', columns: [counter.project_id, counter.prefix] })],
);

/**
 * Numbers of ids that somebody else chose, past those that were given out: the next one starts above. No constraint, so
 * that batches with ids of their own never wait for each other; the greatest of a prefix counts.
 */
export const idFloors = pgTable(
  'id_floors',
  {
    project_id: text().notNull(),
    prefix: text().notNull(),
    number: bigint({ mode: 'number' }).notNull(),
  },
  (floor) => [index('id_floors_in_order').on(floor.project_id, floor.prefix, floor.number)],
);

/** Ids that were given out together, until a while after their confirmation was due. */
export const idReservations = pgTable(
  'id_reservations',
  {
    reservation_id: text().primaryKey().default(sql`gen_random_uuid()::text`),
    project_id: text().notNull(),
    artifact_type: text().notNull(),
    first_number: bigint({ mode: 'number' }).notNull(),
    count: smallint().notNull(),
    expires_at: moment().notNull(),
    /** Null until somebody confirms it. */
    confirmed_at: moment(),
  },
  (reservation) => [
    index('id_reservations_by_expiry').on(reservation.expires_at),
    index('id_reservations_unconfirmed')
      .on(reservation.expires_at)
      .where(sql`${reservation.confirmed_at} is null`),
  ],
);
