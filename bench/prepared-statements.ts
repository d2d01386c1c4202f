import { rm } from 'node:fs/promises';
import { fillPlaceholders } from 'drizzle-orm';
import { Client } from 'pg';
import { applyMigrations } from '../scripts/local/migrations.ts';
import { startPostgres } from '../scripts/local/postgres.ts';
import { temporaryFolder } from '../scripts/local/temporary-folder.ts';
import { recordValues } from '../src/db/request-identity.ts';
import type { Statement } from '../src/db/statement.ts';
import { planTransition } from '../src/domain/transitions.ts';
import { MOVE_TASK } from '../src/operations/move-task.ts';
import { NEXT_DUE_TASK } from '../src/operations/next-task.ts';
import { median } from './support/summary.ts';

const ROUNDS = 3_000;
const WARM_UP = 200;

/**
 * Measures what a name brings to the two hot statements on one connection that stays open, which is what Hyperdrive
 * keeps behind the Workers: the same statement with and without a name in turn, over a table of 100,000 tasks.
 */
async function main(client: Client): Promise<void> {
  await client.query(`
    insert into tasks (task_id, project_id, description, status, completed_at)
    select 'TASK-' || n, 'p' || n % 10, 'Do it', state, case when state = 'completed' then now() end
    from generate_series(1, 100000) as n,
    lateral (select case when n % 10 = n / 10 % 10 then 'pending' else 'completed' end as state) as states`);
  await client.query('vacuum analyze tasks');
  await compare(client, NEXT_DUE_TASK, () => ({ projectId: 'p1', covered: null }));
  await compare(client, MOVE_TASK.inProject, (round) => {
    const { to, moveFrom, resetFrom } =
      round % 4 < 2 ? planTransition('in_progress', false) : planTransition('pending', true);
    return {
      taskId: 'TASK-11',
      projectId: 'p1',
      to,
      moveFrom,
      resetFrom,
      completionNotes: null,
      claimToken: null,
      force: false,
      error: null,
      delaySeconds: null,
      covered: null,
      ...recordValues({ caller: '', key: crypto.randomUUID(), fingerprint: '', keptSeconds: 600 }),
    };
  });
}

async function compare<V extends Readonly<Record<string, unknown>>>(
  client: Client,
  { name, query }: Statement<V, unknown>,
  valuesOf: (round: number) => V,
): Promise<void> {
  const times = { named: [] as number[], unnamed: [] as number[] };
  for (let round = 0; round < 2 * ROUNDS; round += 1) {
    const values = fillPlaceholders(query.params, { ...valuesOf(round) });
    const kind = round % 2 === 0 ? 'named' : 'unnamed';
    const began = performance.now();
    await client.query({ text: query.sql, values, ...(kind === 'named' ? { name } : {}) });
    if (round >= 2 * WARM_UP) times[kind].push(performance.now() - began);
  }
  const [named, unnamed] = [median(times.named), median(times.unnamed)];
  const figures = `${unnamed.toFixed(3)} ms without a name, ${named.toFixed(3)} ms with one`;
  console.log(`${name}: median ${figures}, ratio ${(named / unnamed).toFixed(2)}`);
}

const folder = await temporaryFolder('bench');
const postgres = await startPostgres(folder);
try {
  await applyMigrations(postgres.url());
  const client = new Client({ connectionString: postgres.url() });
  await client.connect();
  await main(client);
  await client.end();
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
