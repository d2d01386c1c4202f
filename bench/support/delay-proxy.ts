import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

/** A proxy in a thread of its own, so that neither the load nor the gateway holds up what is on the way. */
export interface DelayProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Passes bytes on after that many milliseconds in each direction, as a distance does: what is on the way overlaps. */
export async function startDelayProxy(targetPort: number, oneWayMs: number): Promise<DelayProxy> {
  const thread = new Worker(path.join(import.meta.dirname, 'delay-proxy-thread.ts'), {
    workerData: { targetPort, oneWayMs },
  });
  // The thread's first message is its port; where it fails instead, once() rejects with its error.
  const [port] = (await once(thread, 'message')) as [number];
  return {
    port,
    async stop() {
      await thread.terminate();
    },
  };
}
