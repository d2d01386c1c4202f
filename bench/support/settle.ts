import type { Pool } from 'pg';

/** Ends what filling the tables left to do, so that the server does none of it while something is measured. */
export async function settle(database: Pool): Promise<void> {
  await database.query('vacuum analyze tasks');
  await database.query('checkpoint');
}
