import type { Client } from 'pg';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { summarize } from '../support/summary.ts';
import { GATEWAY } from '../support/ways.ts';

const BAR = 1.25;

/** Whether a claim takes longer the more tasks there are; each is given back, untimed, so that all find the same. */
export const claimGrowth: Figure = async (stack, { quick, onProgress }) => {
  const sizes = quick ? [1_000, 10_000] : [1_000, 1_000_000];
  const count = quick ? 30 : 1_000;
  const worker = await stack.start(GATEWAY);
  const client = new HttpClient(worker.port, 1);
  const medians: number[] = [];
  for (const size of sizes) {
    onProgress(`${size} tasks`);
    await fillWithLeases(stack.database, size);
    await claimAndRelease(client, quick ? 20 : 100);
    medians.push(summarize(await claimAndRelease(client, count)).p50);
  }
  client.close();
  await worker.stop();
  const times = medians.map((p50) => p50 / (medians[0] ?? Number.NaN));
  const measured = sizes
    .map((size, index) => `${ms(medians[index] ?? Number.NaN)} (${times[index]?.toFixed(2)}) at ${size}`)
    .join(', ');
  const met = Math.max(...times) <= BAR;
  const row: Row = { what: 'growth: claim', measured: `p50 ${measured}`, bar: `at most ${BAR} times`, met };
  return [row];
};

/** Fills the table anew: that many tasks of ten projects, of each a tenth pending and a hundredth leased. */
async function fillWithLeases(database: Client, count: number): Promise<void> {
  await database.query('truncate tasks');
  await database.query(
    `insert into tasks (
       task_id, project_id, description, status, completed_at,
       attempt, claimed_by, claim_token, claim_slot, lease_seconds, lease_expires_at
     )
     select 'TASK-' || n / 10, 'project-' || n % 10, 'Generate HLS-' || n, state,
       case when state = 'completed' then now() end,
       held::int, case when held then 'agent-' || n end, case when held then nextval('claim_tokens') end,
       case when held then 1 end, case when held then 3600 end,
       case when held then now() + interval '1 hour' end
     from generate_series(0, $1::int - 1) as n,
     lateral (
       select case when n / 10 % 10 = 9 then 'pending' when n / 10 % 100 = 0 then 'in_progress' else 'completed' end as state
     ) as states,
     lateral (select state = 'in_progress' as held) as holding`,
    [count],
  );
  await database.query('vacuum analyze tasks');
}

/** The times of so many claims, in milliseconds. */
async function claimAndRelease(client: HttpClient, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const project = `project-${number % 10}`;
    const body = { project_id: project, agent_id: `bench-${number}` };
    const began = performance.now();
    const answer = await client.send({ method: 'POST', path: '/tasks/claim', body });
    times.push(performance.now() - began);
    // The form that the service documents, where there are tasks.
    const { task, claim } = JSON.parse(answer.body) as {
      task: { task_id: string };
      claim: { token: number };
    };
    const path = `/tasks/${task.task_id}/release?project=${project}`;
    const released = await client.send({ method: 'POST', path, body: { claim_token: claim.token } });
    if (released.status !== 200) throw new Error(released.body);
  }
  return times;
}
