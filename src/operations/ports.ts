/** The doors know the database and the waits by these names only. */
export type { Database, RequestPorts } from '../db/database.ts';
export type { RequestKey } from '../db/request-identity.ts';
export type { Settings } from './settings.ts';
export type { Waits } from './wait.ts';
export type { WaitPorts } from './waiting.ts';
