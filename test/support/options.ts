import type { HealthOptions } from '../../src/http/middleware/database-health.ts';
import document from '../../src/rest/assets/openapi.json';

/** For services whose test never asks how the database is. */
export const NO_HEALTH: HealthOptions = {
  openDatabase: () => {
    throw new Error('not needed');
  },
  now: () => 0,
  sleep: () => Promise.resolve(),
};

/** The files that are deployed with the Worker. */
export const readAsset = (): Promise<Response> => Promise.resolve(Response.json(document));
