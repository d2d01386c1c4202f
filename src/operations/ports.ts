/** What an operation needs from its caller; the doors know the database by this name only. */
export type { Database } from '../db/database.ts';
