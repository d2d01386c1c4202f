import { createDatabase, type Database, type Driver, type RequestPorts } from '../database.ts';
import type { RetryPolicy, RetryPorts } from '../retry.ts';
import type { DatabaseTarget, DriverName } from '../target.ts';

// Loads only the driver in use, to keep start-up short.
const DRIVERS: Readonly<Record<DriverName, (connectionString: string) => Promise<Driver>>> = {
  hyperdrive: async (connectionString) =>
    (await import('./hyperdrive.ts')).hyperdriveDriver(connectionString),
  neon: async (connectionString) => (await import('./neon.ts')).neonDriver(connectionString),
};

/** Opens a database for one request; loads no driver and sends nothing before the first statement. */
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
