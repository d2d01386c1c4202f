import type { HealthOptions } from '../../src/http/middleware/database-health.ts';

/** For services whose test never asks how the database is. */
export const NO_HEALTH: HealthOptions = {
  openDatabase: () => {
    throw new Error('not needed');
  },
  now: () => 0,
  sleep: () => Promise.resolve(),
};
