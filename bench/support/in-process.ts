import { randomUUID } from 'node:crypto';
import { createDatabase, type Driver } from '../../src/db/database.ts';
import { hyperdriveDriver } from '../../src/db/drivers/hyperdrive.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { claimTask } from '../../src/operations/claim-task.ts';
import { moveTask } from '../../src/operations/move-task.ts';
import { DRAIN_PROJECT } from './agents.ts';

const CALLER = unrestricted('bench');
const LEASE_SECONDS = 900;
/** A move that completes a task and tells nothing of it. */
export const COMPLETION = {
  status: 'completed',
  reset: false,
  completion_notes: null,
  force: false,
  error: null,
  delay_seconds: null,
  result: null,
  artifacts: null,
  usage: null,
} as const;

/** Works off the list with the service's operations and no HTTP, one agent per connection. Resolves with seconds. */
export async function drainInProcess(url: string, connections: number): Promise<number> {
  const drivers = Array.from({ length: connections }, () => hyperdriveDriver(url));
  // Connects and plans the statements.
  await Promise.all(drivers.map((driver) => work(driver, 'warm-up')));
  const began = performance.now();
  await Promise.all(drivers.map((driver) => work(driver, DRAIN_PROJECT)));
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(drivers.map((driver) => driver.close()));
  return seconds;
}

async function work(driver: Driver, project: string): Promise<void> {
  const agent = {
    project_id: project,
    agent_id: randomUUID(),
    lease_seconds: LEASE_SECONDS,
    generator_name: null,
    capacity: 1,
    wait_seconds: 0,
  };
  for (;;) {
    const { task, claim } = await claimTask.run({ database: requestOver(driver), caller: CALLER }, agent);
    if (task === null || claim === null) return;
    const move = { ...COMPLETION, task_id: task.task_id, project, claim_token: claim.token };
    await moveTask.run({ database: requestOver(driver), caller: CALLER }, move);
  }
}

/** As the service opens one for each request, but over a lasting connection. */
export function requestOver(driver: Driver) {
  return createDatabase(driver, RETRY_POLICY, {
    sleep: () => Promise.reject(new Error('Nothing fails here')),
    random: Math.random,
    now: () => performance.now(),
    identity: () => ({ caller: 'bench', key: undefined }),
    newId: () => randomUUID(),
    onReplay: () => {},
  });
}
