import type { Driver } from '../../src/db/database.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { claimTask } from '../../src/operations/claim-task.ts';
import { releaseClaim } from '../../src/operations/release-claim.ts';
import { requestOver } from './in-process.ts';

const CALLER = unrestricted('bench');

/** The milliseconds of a claim, which is released afterwards. Throws where there is nothing to claim. */
export async function claimAndRelease(driver: Driver, project: string, agent: string): Promise<number> {
  const asker = () => ({ database: requestOver(driver), caller: CALLER });
  const began = performance.now();
  const { task, claim } = await claimTask.run(asker(), {
    project_id: project,
    agent_id: agent,
    lease_seconds: 900,
    generator_name: null,
    capacity: 1,
    wait_seconds: 0,
  });
  const time = performance.now() - began;
  if (task === null || claim === null) throw new Error(`Nothing to claim in ${project}`);
  const address = { task_id: task.task_id, project, claim_token: claim.token };
  await releaseClaim.run(asker(), { ...address, reason: null, delay_seconds: null, notes: null });
  return time;
}
