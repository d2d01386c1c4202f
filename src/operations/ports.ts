/** The doors know the database by these names only. */
export type { Database, RequestPorts } from '../db/database.ts';
export type { RequestKey } from '../db/request-identity.ts';
