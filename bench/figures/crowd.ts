import { Pool } from 'pg';
import { hyperdriveDriver } from '../../src/db/drivers/hyperdrive.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { heartbeatClaim } from '../../src/operations/heartbeat-claim.ts';
import { claimAndRelease } from '../support/claim-and-release.ts';
import { setPace } from '../support/clock.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { requestOver } from '../support/in-process.ts';
import { settle } from '../support/settle.ts';
import { summarize } from '../support/summary.ts';

const CALLER = unrestricted('bench');
const WARM_UP = 50;

/** Fills a project with tasks that are ready, in flight and put off until tomorrow. */
async function fillProject(
  database: Pool,
  project: string,
  count: { readonly ready: number; readonly held: number; readonly putOff: number },
): Promise<void> {
  const { ready, held, putOff } = count;
  await database.query(
    `insert into tasks (
       task_id, project_id, description, status, not_before, ready_at, version,
       attempt, claimed_by, claim_token, claim_slot, lease_seconds, lease_expires_at, lease_check_at, last_claim_token
     )
     select 'TASK-' || n, $1, 'Do it', case when kind = 'held' then 'in_progress' else 'pending' end,
       case when kind = 'off' then now() + interval '1 day' end,
       case when kind = 'off' then now() + interval '1 day' end, 1,
       (kind = 'held')::int, case when kind = 'held' then 'agent-' || n end, case when kind = 'held' then n end,
       case when kind = 'held' then 1 end, case when kind = 'held' then 900 end,
       case when kind = 'held' then now() + interval '1 hour' end,
       case when kind = 'held' then now() + interval '1 hour' end,
       case when kind = 'held' then n || '.AAAAAAAAAAAAAAAA' end
     from generate_series(1, $2::int + $3::int + $4::int) as n,
     lateral (
       select case when n <= $2 then 'held' when n <= $2 + $3 then 'off' else 'ready' end as kind
     ) as kinds`,
    [project, held, putOff, ready],
  );
}

/** Whether a claim takes longer where tasks that nobody can claim now lie ahead; the two sides take turns. */
export const crowdedClaims: Figure = async ({ database, postgres }, { quick, onProgress }) => {
  const count = quick ? 50 : 1_000;
  await database.query('truncate tasks');
  const ready = 200;
  onProgress('filling');
  await fillProject(database, 'empty', { ready, held: 0, putOff: 0 });
  const crowd = quick ? { held: 1_000, putOff: 10_000 } : { held: 10_000, putOff: 100_000 };
  await fillProject(database, 'crowded', { ready, ...crowd });
  await settle(database);
  const driver = hyperdriveDriver(postgres.url());
  const times = { empty: [] as number[], crowded: [] as number[] };
  onProgress('claiming');
  for (let number = 0; number < WARM_UP + count; number += 1) {
    for (const project of ['empty', 'crowded'] as const)
      times[project].push(await claimAndRelease(driver, project, `bench-${number}`));
  }
  await driver.close();
  const [empty, crowded] = [times.empty, times.crowded].map((all) => summarize(all.slice(WARM_UP)).p50);
  const ratio = (crowded ?? 0) / (empty ?? 1);
  return [
    {
      what: `claim with ${crowd.held} in flight and ${crowd.putOff} put off ahead`,
      measured: `${ms(crowded ?? 0)} beside ${ms(empty ?? 0)} without, ${ratio.toFixed(2)}`,
      bar: 'at most 1.25',
      met: ratio <= 1.25,
    },
  ];
};

/** Whether the table grows while agents do nothing but renew their leases, over six simulated hours. */
export const heartbeats: Figure = async ({ database, postgres }, { quick, onProgress }) => {
  const agents = quick ? 50 : 500;
  const hours = quick ? 2 : 6;
  await database.query('truncate tasks');
  await fillProject(database, 'beating', { ready: 0, held: agents, putOff: 0 });
  await settle(database);
  const size = async () => {
    const { rows } = await database.query<{ heap: string; indexes: string; total: string; hot: string }>(
      `select pg_relation_size('tasks') as heap, pg_indexes_size('tasks') as indexes,
         pg_stat_get_tuples_updated('tasks'::regclass) as total, pg_stat_get_tuples_hot_updated('tasks'::regclass) as hot`,
    );
    const { heap = '0', indexes = '0', total = '0', hot = '0' } = rows[0] ?? {};
    return { heap: Number(heap), indexes: Number(indexes), total: Number(total), hot: Number(hot) };
  };
  let before = await size();
  const driver = hyperdriveDriver(postgres.url());
  // One heartbeat every five minutes of a lease of fifteen.
  for (let round = 0; round < hours * 12; round += 1) {
    onProgress(`hour ${(round / 12).toFixed(1)}`);
    for (let n = 1; n <= agents; n += 1) {
      await heartbeatClaim.run(
        { database: requestOver(driver), caller: CALLER },
        {
          ...{ task_id: `TASK-${n}`, project: 'beating', claim_token: `${n}.AAAAAAAAAAAAAAAA` },
          ...{ lease_seconds: null, progress: null, checkpoint: null, usage: null },
        },
      );
    }
    if (round % 6 === 5) await database.query('vacuum tasks');
    // In the first hour each page gets the room that it needs.
    if (round === 11) before = await size();
  }
  await driver.close();
  await database.query('vacuum tasks');
  const after = await size();
  const share = (after.hot - before.hot) / (after.total - before.total);
  const kib = (bytes: number) => `${Math.round(bytes / 1_024)} KiB`;
  return [
    {
      what: `${hours} hours of heartbeats by ${agents} agents, after the first`,
      measured:
        `table ${kib(before.heap)} to ${kib(after.heap)}, indexes ${kib(before.indexes)} to ${kib(after.indexes)}; ` +
        `${(100 * share).toFixed(1)} % of the updates heap-only`,
      bar: 'indexes flat, at least 95 % heap-only',
      met: after.indexes <= before.indexes && after.heap <= before.heap && share >= 0.95,
    },
  ];
};

/** What claims cost while a transaction elsewhere keeps the server from forgetting old row versions. */
export const heldHorizon: Figure = async ({ database, postgres }, { quick, onProgress }) => {
  const count = quick ? 100 : 5_000;
  await database.query('truncate tasks');
  await fillProject(database, 'held', { ready: 200, held: 0, putOff: 0 });
  await settle(database);
  await setPace(database, 1);
  const other = new Pool({ connectionString: postgres.url(), max: 1 });
  const holder = await other.connect();
  await holder.query('begin isolation level repeatable read');
  await holder.query('select pg_current_xact_id()');
  const driver = hyperdriveDriver(postgres.url());
  const times: number[] = [];
  onProgress('claiming');
  for (let number = 0; number < WARM_UP + count; number += 1)
    times.push(await claimAndRelease(driver, 'held', `bench-${number}`));
  await driver.close();
  await holder.query('rollback');
  holder.release();
  await other.end();
  const tenth = Math.floor(count / 10);
  const first = summarize(times.slice(WARM_UP, WARM_UP + tenth)).p50;
  const last = summarize(times.slice(-tenth)).p50;
  const row: Row = {
    what: `claim while a transaction holds the horizon back, over ${count} claims and releases`,
    measured: `${ms(first)} at first, ${ms(last)} in the end`,
    bar: 'reported',
  };
  return [row];
};
