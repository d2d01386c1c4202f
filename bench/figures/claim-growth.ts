import { Pool } from 'pg';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import type { Figure } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { settle } from '../support/settle.ts';
import type { Stack } from '../support/stack.ts';
import { summarize } from '../support/summary.ts';
import { GATEWAY } from '../support/ways.ts';
import { growthRow } from './growth.ts';

const WARM_UP = 100;

interface Side {
  readonly client: HttpClient;
  readonly times: number[];
  stop(): Promise<void>;
}

/**
 * Whether a claim takes longer as tasks accumulate. Sizes take turns claim by claim, each in its own database, so other
 * load falls on both. Each task goes back, untimed, so all find the same.
 */
export const claimGrowth: Figure = async (stack, { quick, onProgress }) => {
  const sizes = quick ? [1_000, 10_000] : [1_000, 1_000_000];
  const count = quick ? 30 : 1_000;
  const sides: Side[] = [];
  for (const size of sizes) {
    onProgress(`${size} tasks`);
    sides.push(await sideWith(stack, size));
  }
  for (let number = 0; number < WARM_UP + count; number += 1) {
    for (const { client, times } of sides) times.push(await claimAndRelease(client, number));
  }
  for (const side of sides) await side.stop();
  const medians = sides.map(({ times }) => summarize(times.slice(WARM_UP)).p50);
  return [growthRow('claim', sizes, medians)];
};

async function sideWith(stack: Stack, size: number): Promise<Side> {
  const name = `claims_${size}`;
  await stack.database.query(`create database ${name}`);
  const url = new URL(stack.postgres.url());
  url.pathname = name;
  await applyMigrations(url.href);
  const database = new Pool({ connectionString: url.href, max: 1 });
  await fillWithLeases(database, size);
  await database.end();
  const worker = await stack.start(GATEWAY, { databaseUrl: url.href });
  const client = new HttpClient(worker.port, 1);
  const stop = async () => {
    client.close();
    await worker.stop();
    await stack.database.query(`drop database ${name}`);
  };
  return { client, times: [], stop };
}

/** Fills the table for ten projects; in each, a tenth is pending and a hundredth leased. */
async function fillWithLeases(database: Pool, count: number): Promise<void> {
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
  await settle(database);
}

/** In milliseconds. */
async function claimAndRelease(client: HttpClient, number: number): Promise<number> {
  const project = `project-${number % 10}`;
  const body = { project_id: project, agent_id: `bench-${number}` };
  const began = performance.now();
  const answer = await client.send({ method: 'POST', path: '/tasks/claim', body });
  const time = performance.now() - began;
  // The service documents this form.
  const { task, claim } = JSON.parse(answer.body) as {
    task: { task_id: string };
    claim: { token: string };
  };
  const path = `/tasks/${task.task_id}/release?project=${project}`;
  const released = await client.send({ method: 'POST', path, body: { claim_token: claim.token } });
  if (released.status !== 200) throw new Error(released.body);
  return time;
}
