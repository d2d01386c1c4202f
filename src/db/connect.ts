import { createDatabase, type Database, type Driver } from './database.ts';
import { hyperdriveDriver } from './hyperdrive-driver.ts';
import { neonDriver } from './neon-driver.ts';
import type { RetryPolicy, RetryPorts } from './retry.ts';

/** The ways to reach Postgres; see DATABASE_DRIVER in the README. */
export type DriverName = 'hyperdrive' | 'neon';

/** Which database, and how to reach it. */
export interface DatabaseTarget {
  readonly driver: DriverName;
  readonly connectionString: string;
}

const DRIVERS: Readonly<Record<DriverName, (connectionString: string) => Driver>> = {
  hyperdrive: hyperdriveDriver,
  neon: neonDriver,
};

/** Opens a database for one request; nothing is sent before its first statement. */
export function connect(target: DatabaseTarget, policy: RetryPolicy, ports: RetryPorts): Database {
  return createDatabase(DRIVERS[target.driver](target.connectionString), policy, ports);
}
