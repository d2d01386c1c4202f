import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import type { DriverName } from '../../src/db/target.ts';
import type { Retention } from '../../src/domain/retention.ts';
import { runUpkeep } from '../../src/operations/upkeep/upkeep.ts';
import type { DatabaseUnderTest } from './database.ts';
import { WITHOUT_KEY } from './request-ports.ts';

const PORTS = {
  sleep: () => Promise.resolve(),
  random: () => 0,
  now: () => performance.now(),
  ...WITHOUT_KEY,
};

/** Opens a database as the upkeep does for each of its steps. */
export const openFor = (driver: DriverName, database: DatabaseUnderTest) => () =>
  connect({ driver, connectionString: database[driver] }, RETRY_POLICY, PORTS);

/** Runs the upkeep, which keeps everything for ever unless told otherwise. */
export function runUpkeepOn(
  driver: DriverName,
  database: DatabaseUnderTest,
  retention: Partial<Retention> = {},
  cancelledPerStep?: number,
) {
  const kept = { eventDays: null, taskDays: null, deletedDays: null, ...retention };
  return runUpkeep(openFor(driver, database), kept, cancelledPerStep);
}
