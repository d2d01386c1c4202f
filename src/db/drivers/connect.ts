import { createDatabase, type Database, type Driver, type RequestPorts } from '../database.ts';
import type { RetryPolicy, RetryPorts } from '../retry.ts';
import type { DatabaseTarget, DriverName } from '../target.ts';

// A Worker uses one of them; evaluating the other's library as well would be a part of every start-up.
const DRIVERS: Readonly<Record<DriverName, (connectionString: string) => Promise<Driver>>> = {
  hyperdrive: async (connectionString) =>
    (await import('./hyperdrive.ts')).hyperdriveDriver(connectionString),
  neon: async (connectionString) => (await import('./neon.ts')).neonDriver(connectionString),
};

/** Opens a database for one request; nothing is sent, and no driver loaded, before its first statement. */
export function connect(
  target: DatabaseTarget,
  policy: RetryPolicy,
  ports: RetryPorts & RequestPorts,
): Database {
  return createDatabase(
    onDemand(() => DRIVERS[target.driver](target.connectionString)),
    policy,
    ports,
  );
}

function onDemand(load: () => Promise<Driver>): Driver {
  let loading: Promise<Driver> | undefined;
  return {
    async execute(statement, values, budget) {
      loading ??= load();
      return (await loading).execute(statement, values, budget);
    },
    async close() {
      await (await loading)?.close();
    },
  };
}
