import { createHash } from 'node:crypto';
import type { Caller } from '../domain/access.ts';
import type { RequestIdentity, RequestPorts } from '../operations/ports.ts';

const KEPT_SECONDS = 24 * 60 * 60;

/** Serves one request, so its record need not outlive the last retry by much. */
const MADE_HERE = { caller: '', fingerprint: '', keptSeconds: 10 * 60 };

/**
 * Names a request by the key that its sender chose. Requests are the same if what they ask for, their body and the
 * caller's projects are.
 */
export function identityOf(caller: Caller, key: string, asked: string, body: Uint8Array): RequestIdentity {
  const { name, projects } = caller;
  // A reissued token may list the same projects in another order.
  const seen = projects === '*' ? projects : [...new Set(projects)].sort();
  const fingerprint = createHash('sha256')
    .update(`${JSON.stringify(seen)} ${asked}\n`)
    .update(body)
    .digest('hex');
  return { caller: name, key, fingerprint, keptSeconds: KEPT_SECONDS };
}

/** The ports of a request; one that its sender did not name gets a key of its own. */
export function requestPorts(
  identity: () => RequestIdentity | undefined,
  onReplay: () => void,
): RequestPorts {
  return {
    identity: () => identity() ?? { ...MADE_HERE, key: crypto.randomUUID() },
    onReplay: () => {
      if (identity() !== undefined) onReplay();
    },
  };
}
