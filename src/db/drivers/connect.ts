import { refusal } from '../../domain/errors/index.ts';
import { createDatabase, type Database, type Driver, type RequestPorts } from '../database.ts';
import type { RetryPolicy, RetryPorts } from '../retry.ts';
import type { DatabaseTarget, DriverName } from '../target.ts';

/** wrangler.toml defines it, so a build has one driver; the tests leave it out and have both. */
declare const BUILD_DRIVER: DriverName | undefined;

type Load = (connectionString: string) => Promise<Driver>;

const DRIVERS: Partial<Record<DriverName, Load>> = {};
// The bundler drops an import only where the condition stands right here.
if (typeof BUILD_DRIVER === 'undefined' || BUILD_DRIVER === 'hyperdrive')
  DRIVERS.hyperdrive = async (url) => (await import('./hyperdrive.ts')).hyperdriveDriver(url);
if (typeof BUILD_DRIVER === 'undefined' || BUILD_DRIVER === 'neon')
  DRIVERS.neon = async (url) => (await import('./neon.ts')).neonDriver(url);

/**
 * Opens a database for one request; loads no driver and sends nothing before the first statement. Throws
 * `not_configured` where the build has another driver.
 */
export function connect(
  target: DatabaseTarget,
  policy: RetryPolicy,
  ports: RetryPorts & RequestPorts,
): Database {
  const { driver, connectionString } = target;
  const load = DRIVERS[driver];
  if (load === undefined) throw lacksDriver(driver);
  return createDatabase(
    onDemand(() => load(connectionString)),
    policy,
    ports,
  );
}

function lacksDriver(driver: DriverName) {
  const built = Object.keys(DRIVERS).join();
  const remedy = driver === 'neon' ? 'deploy with --env neon' : 'deploy without --env';
  const problem = `DATABASE_DRIVER is ${driver}, and this build has the driver ${built}: ${remedy}`;
  return refusal('not_configured', { problem });
}

function onDemand(load: () => Promise<Driver>): Driver {
  let driver: Driver | undefined;
  return {
    async execute(statement, values, budget) {
      driver ??= await load();
      return driver.execute(statement, values, budget);
    },
    close: () => driver?.close(),
  };
}
