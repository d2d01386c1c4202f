import type { RequestPorts } from '../../src/db/once-only.ts';

/** A request to which its client gave no key. */
export const WITHOUT_KEY: RequestPorts = {
  identity: () => ({ caller: 'test', key: undefined }),
  newId: () => crypto.randomUUID(),
  onReplay: () => undefined,
};
