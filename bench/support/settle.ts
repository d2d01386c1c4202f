import type { Pool } from 'pg';

/** Finishes the work that filling the tables left, so that the server does none during a measurement. */
export async function settle(database: Pool): Promise<void> {
  await database.query('vacuum analyze tasks');
  await database.query('checkpoint');
}
