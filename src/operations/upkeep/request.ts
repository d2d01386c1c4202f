import type { RequestPorts } from '../../db/database.ts';

/** The upkeep is nobody's request. */
export const UPKEEP_REQUEST: RequestPorts = {
  identity: () => ({ caller: 'upkeep', key: undefined }),
  newId: () => crypto.randomUUID(),
  onReplay: () => undefined,
};
