import { createHash } from 'node:crypto';
import type { Caller } from '../domain/access.ts';
import type { RequestKey, RequestPorts } from '../operations/ports.ts';

const KEPT_SECONDS = 24 * 60 * 60;

/**
 * Names a request by the key that its sender chose. Requests are the same if what they ask for, their body and the
 * caller's projects are.
 */
export function keyOf(caller: Caller, key: string, asked: string, body: Uint8Array): RequestKey {
  const { projects } = caller;
  // A reissued token may list the same projects in another order.
  const seen = projects === '*' ? projects : [...new Set(projects)].sort();
  const fingerprint = createHash('sha256')
    .update(`${JSON.stringify(seen)} ${asked}\n`)
    .update(body)
    .digest('hex');
  return { key, fingerprint, keptSeconds: KEPT_SECONDS };
}

/** The ports of a request of a caller, by the key that its sender may have given it. */
export function requestPorts(
  caller: () => Caller,
  key: () => RequestKey | undefined,
  onReplay: () => void,
): RequestPorts {
  return {
    identity: () => ({ caller: caller().name, key: key() }),
    newId: () => crypto.randomUUID(),
    onReplay: () => {
      if (key() !== undefined) onReplay();
    },
  };
}
