import { rm } from 'node:fs/promises';
import { fillPlaceholders } from 'drizzle-orm';
import { Client } from 'pg';
import { applyMigrations } from '../scripts/local/migrations.ts';
import { startPostgres } from '../scripts/local/postgres.ts';
import { temporaryFolder } from '../scripts/local/temporary-folder.ts';
import { planTransition } from '../src/domain/transitions.ts';
import type { AnyStatement } from '../src/operations/define-operation.ts';
import { moveTask } from '../src/operations/move-task.ts';
import { nextTask } from '../src/operations/next-task.ts';
import { median } from './support/summary.ts';

const ROUNDS = 3_000;
const WARM_UP = 200;

/**
 * Measures the two hot statements with and without a name, in turn, over 100,000 tasks and one open connection, as
 * Hyperdrive keeps to Postgres.
 */
async function main(client: Client): Promise<void> {
  await client.query(`
    insert into tasks (task_id, project_id, description, status, completed_at)
    select 'TASK-' || n, 'p' || n % 10, 'Do it', state, case when state = 'completed' then now() end
    from generate_series(1, 100000) as n,
    lateral (select case when n % 10 = n / 10 % 10 then 'pending' else 'completed' end as state) as states`);
  await client.query('vacuum analyze tasks');
  const all = { project: 'p1', allowed_projects: null };
  await compare(client, statementOf(nextTask, 'next_due_task'), () => all);
  await compare(client, statementOf(moveTask, 'move_task'), (round) => {
    const { to, moveFrom, resetFrom } =
      round % 4 < 2 ? planTransition('in_progress', false) : planTransition('pending', true);
    return {
      ...all,
      task_id: 'TASK-11',
      to,
      move_from: moveFrom,
      reset_from: resetFrom,
      completion_notes: null,
      claim_token: null,
      force: false,
      error: null,
      delay_seconds: null,
      log_caller: 'bench',
      log_request: crypto.randomUUID(),
    };
  });
}

function statementOf({ statements }: { readonly statements: readonly AnyStatement[] }, name: string) {
  const statement = statements.find((known) => known.name === name);
  if (statement === undefined) throw new Error(`No statement ${name}`);
  return statement;
}

async function compare(
  client: Client,
  { name, query }: AnyStatement,
  valuesOf: (round: number) => object,
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
