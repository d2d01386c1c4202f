import { MAX_LOOKS } from '../domain/waits.ts';
import type { Asker } from './define-operation.ts';
import { type EnterWait, type Look, type WaitPorts, waitFor } from './waiting.ts';

/** What a request may wait with. */
export interface Waits extends WaitPorts {
  readonly enter: EnterWait;
  /** Fires when the client has gone away. */
  readonly signal: () => AbortSignal | undefined;
  /** Among how many calls of the request its statements are shared. */
  readonly calls: number;
}

/**
 * Waits for a look of the asker's that is done; see `waitFor`. The database holds no connection meanwhile, and each look
 * has the time of a request. Refuses with `too_many_waits`.
 */
export async function waitWith<T>(
  { caller, database, waits }: Asker,
  seconds: number,
  look: (isLast: boolean) => Promise<Look<T>>,
): Promise<T> {
  if (seconds === 0 || waits === undefined) return (await look(true)).value;
  const patience = seconds * 1_000;
  const signal = waits.signal();
  const leave = waits.enter(caller.name, patience);
  // The runtime may cancel the request right after its signal, without running what follows.
  signal?.addEventListener('abort', leave);
  const looksLeft = () => Math.floor(MAX_LOOKS / waits.calls) - database.attempts();
  const restingLook = async (isLast: boolean) => {
    const looked = await look(isLast);
    if (!(looked.isDone || isLast)) await database.rest();
    return looked;
  };
  try {
    return await waitFor(restingLook, { patience, looksLeft, signal }, waits);
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}
