import type { Pool } from 'pg';
import { hyperdriveDriver } from '../../src/db/drivers/hyperdrive.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { moveTask } from '../../src/operations/move-task.ts';
import { claimAndRelease } from '../support/claim-and-release.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { COMPLETION, requestOver } from '../support/in-process.ts';
import { settle } from '../support/settle.ts';
import { summarize } from '../support/summary.ts';

const CALLER = unrestricted('bench');
const WARM_UP = 50;
/** What tables of a few rows may have read in sequence. */
const FEW = 1_000;

/** A task of a graph: SQL over its number n, which begins at 1. */
interface Shape {
  readonly project: string;
  readonly count: number;
  /** The numbers of the tasks that it needs; those below 1 are none. */
  readonly parents: readonly string[];
}

/** Fills a project with a graph whose tasks wait, as many batches would have left it. */
async function fillGraph(database: Pool, { project, count, parents }: Shape): Promise<void> {
  const unmet = parents.map((parent) => `((${parent}) >= 1)::int`).join(' + ');
  await database.query(
    `insert into tasks (task_id, project_id, description, version, unmet_needs, ready_at, in_graph)
     select 'T-' || n, $1, 'Do it', 1, unmet, case when unmet > 0 then 'infinity'::timestamptz end, true
     from generate_series(1, $2::int) as n, lateral (select ${unmet} as unmet) as counted`,
    [project, count],
  );
  await database.query('alter table task_needs disable trigger user');
  for (const parent of parents) {
    await database.query(
      `insert into task_needs (project_id, task_id, kind, need, need_group, parent)
       select $1, 'T-' || n, 'task', 'T-' || parent, 'task:T-' || parent, 'T-' || parent
       from generate_series(1, $2::int) as n, lateral (select ${parent} as parent) as needed
       where parent >= 1`,
      [project, count],
    );
  }
  await database.query('alter table task_needs enable trigger user');
}

/** Whether a claim takes longer where blocked tasks lie ahead of what is ready; the two sides take turns. */
export const blockedClaims: Figure = async ({ database, postgres }, { quick, onProgress }) => {
  const blocked = quick ? 10_000 : 100_000;
  await database.query('truncate tasks');
  onProgress('filling');
  await fillGraph(database, { project: 'crowded', count: blocked, parents: ['least(n - 1, 1)'] });
  for (const project of ['crowded', 'empty']) {
    await database.query(
      `insert into tasks (task_id, project_id, description, version)
       select 'READY-' || n, $1, 'Do it', 1 from generate_series(1, 200) as n`,
      [project],
    );
  }
  // What all wait for is itself out of the way.
  await database.query(
    `update tasks set status = 'in_progress' where project_id = 'crowded' and task_id = 'T-1'`,
  );
  await settle(database);
  const driver = hyperdriveDriver(postgres.url());
  const times = { empty: [] as number[], crowded: [] as number[] };
  onProgress('claiming');
  for (let number = 0; number < WARM_UP + (quick ? 50 : 1_000); number += 1) {
    for (const project of ['empty', 'crowded'] as const)
      times[project].push(await claimAndRelease(driver, project, `bench-${number}`));
  }
  await driver.close();
  const p50 = (all: readonly number[]) => summarize(all.slice(WARM_UP)).p50;
  const ratio = p50(times.crowded) / p50(times.empty);
  return [
    {
      what: `claim with ${blocked} blocked tasks ahead`,
      measured: `${ms(p50(times.crowded))} beside ${ms(p50(times.empty))} without, ${ratio.toFixed(2)}`,
      bar: 'at most 1.25',
      met: ratio <= 1.25,
    },
  ];
};

/** How long the end of a task takes that others wait for: the median of several, each of its own project. */
export const dependents: Figure = async ({ database, postgres }, { quick, onProgress }) => {
  const rounds = quick ? 2 : 9;
  const rows: Row[] = [];
  for (const count of [0, 1, 100, quick ? 1_000 : 10_000]) {
    await database.query('truncate tasks');
    onProgress(`${count} dependents`);
    const projects = Array.from({ length: rounds }, (_, round) => `p${round}`);
    for (const project of projects)
      await fillGraph(database, { project, count: count + 1, parents: ['least(n - 1, 1)'] });
    await database.query(`update tasks set status = 'in_progress' where task_id = 'T-1'`);
    await settle(database);
    const driver = hyperdriveDriver(postgres.url());
    const times: number[] = [];
    for (const project of projects) {
      const began = performance.now();
      const move = { ...COMPLETION, task_id: 'T-1', project, claim_token: null };
      await moveTask.run({ database: requestOver(driver), caller: CALLER }, move);
      times.push(performance.now() - began);
    }
    await driver.close();
    const left = await database.query('select from tasks where unmet_needs > 0 limit 1');
    rows.push({
      what: `completion of a task that ${count} others wait for, median of ${rounds}`,
      measured: ms(summarize(times).p50),
      bar: 'all of them ready',
      met: left.rowCount === 0,
    });
  }
  return rows;
};

const CALLS = [
  `put_need('large', 'T-800000', 'T-3', 'completed', 'task:T-3', 'block')`,
  `delete_need('large', 'T-800000', 'T-400000')`,
  `provide_artifact('large', 'A', null, null, null)`,
  `settle_needs('large', array['T-800000', 'T-800001'])`,
  `inherit_priority('large', array['T-3'])`,
  `put_project('large', null, 'checked', false, null, null)`,
  `readiness_counts('large', now(), 1000)`,
  `claim_context('large', 'T-800000', 20, 3, 8192)`,
];

/** What the functions of the graph read in a project of 1,000,000 tasks and 2,000,000 needs, undone afterwards. */
export const largeGraph: Figure = async ({ database }, { quick, onProgress }) => {
  const count = quick ? 810_000 : 1_000_000;
  await database.query('truncate tasks');
  onProgress('filling');
  await fillGraph(database, { project: 'large', count, parents: ['n / 2', 'n / 2 - 1'] });
  await settle(database);
  const client = await database.connect();
  const rows: Row[] = [];
  for (const call of CALLS) {
    onProgress(call);
    await client.query('begin');
    const began = performance.now();
    await client.query(`select ${call}`);
    const time = performance.now() - began;
    const counted = await client.query<{ read: number }>(
      `select coalesce(sum(seq_tup_read), 0)::int as read
       from pg_stat_xact_user_tables
       where relname in ('tasks', 'task_needs', 'artifact_producers', 'artifacts')`,
    );
    await client.query('rollback');
    const read = counted.rows[0]?.read ?? Number.NaN;
    rows.push({
      what: `${count} tasks, ${2 * count} needs: ${call.slice(0, call.indexOf('('))}`,
      measured: `${read} rows read in sequence, ${ms(time)} at its first call`,
      bar: 'by index',
      met: read < FEW,
    });
  }
  client.release();
  await database.query('truncate tasks');
  return rows;
};
