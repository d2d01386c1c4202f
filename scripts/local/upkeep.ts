import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import type { Retention } from '../../src/domain/retention.ts';
import { UPKEEP_REQUEST } from '../../src/operations/upkeep/request.ts';
import { runUpkeep } from '../../src/operations/upkeep/upkeep.ts';

const EVERY_MS = 60_000;

const PORTS = {
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
  now: () => performance.now(),
  ...UPKEEP_REQUEST,
};

/** Does each minute what a cron trigger does in the cloud. A failure is printed, and the next minute tries again. */
export function startUpkeep(
  databaseUrl: string,
  retention: Retention,
  onProgress: (what: string) => void,
): { stop(): Promise<void> } {
  const target = { driver: 'hyperdrive' as const, connectionString: databaseUrl };
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        await runUpkeep(() => connect(target, RETRY_POLICY, PORTS), retention);
      } catch (error) {
        onProgress(`The upkeep failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
