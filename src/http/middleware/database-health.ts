import { checkDatabase } from '../../operations/check-database.ts';
import { type DatabaseHealth, type HealthPorts, sharedHealth } from '../../operations/database-health.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { type OpenDatabase, requestPorts } from './database.ts';

/** What it takes to find out whether the database answers. */
export interface HealthOptions extends HealthPorts {
  /** Opens a database that gives up early, so that /health is answered within a second. */
  readonly openDatabase: OpenDatabase;
}

/** Finds out how the database is, for the routes behind; never fails. */
export function databaseHealth({ openDatabase, ...ports }: HealthOptions): AppMiddleware {
  const healthFor = sharedHealth(ports);
  return async (c, next) => {
    c.set('health', await healthFor(() => check(openDatabase, c)));
    await next();
  };
}

async function check(open: OpenDatabase, c: AppContext): Promise<DatabaseHealth> {
  try {
    const database = open(requestPorts(c));
    try {
      await checkDatabase(database);
    } finally {
      c.executionCtx.waitUntil(database.close());
    }
    return { connected: true };
  } catch (problem) {
    return { connected: false, problem };
  }
}
