import { checkDatabase } from '../../operations/check-database.ts';
import { type DatabaseHealth, type HealthPorts, sharedHealth } from '../../operations/database-health.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { closeLater, type OpenDatabase, portsOf } from './database.ts';

export interface HealthOptions extends HealthPorts {
  /** Must give up early: /health answers within a second. */
  readonly openDatabase: OpenDatabase;
}

/** Checks the database for the routes that follow; never fails. */
export function databaseHealth({ openDatabase, ...ports }: HealthOptions): AppMiddleware {
  const healthFor = sharedHealth(ports);
  return async (c, next) => {
    c.set('health', await healthFor(() => check(openDatabase, c)));
    await next();
  };
}

async function check(open: OpenDatabase, c: AppContext): Promise<DatabaseHealth> {
  try {
    const database = open(portsOf(c));
    try {
      await checkDatabase(database);
    } finally {
      closeLater(c, database);
    }
    return { connected: true };
  } catch (problem) {
    return { connected: false, problem };
  }
}
