import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

/** A thread of its own keeps the load and the gateway from delaying what is on the way. */
export interface DelayProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Delays bytes by that many milliseconds in each direction; transfers overlap, as over a real distance. */
export async function startDelayProxy(targetPort: number, oneWayMs: number): Promise<DelayProxy> {
  const thread = new Worker(path.join(import.meta.dirname, 'delay-proxy-thread.ts'), {
    workerData: { targetPort, oneWayMs },
  });
  // The thread's first message is its port; once() rejects if the thread fails instead.
  const [port] = (await once(thread, 'message')) as [number];
  return {
    port,
    async stop() {
      await thread.terminate();
    },
  };
}
