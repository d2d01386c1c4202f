import { drain, fillForDrain } from '../support/agents.ts';
import { setPace } from '../support/clock.ts';
import { endBackends } from '../support/end-backends.ts';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { drainInProcess } from '../support/in-process.ts';
import { drainGraphileWorker, drainPgBoss, POOL } from '../support/queues.ts';
import type { Stack } from '../support/stack.ts';
import { summarize } from '../support/summary.ts';
import { DIRECT, GATEWAY, PGBOUNCER, type Way } from '../support/ways.ts';

const AGENTS = 64;
/** Without a pooler, each request starts a server process, so more agents would only wait for each other. */
const QUICK_AGENTS = 8;
const CHAOS = { killed: 0.01, cut: 0.02 };
const QUICK_CHAOS = { killed: 0.05, cut: 0.05 };
const END_A_BACKEND_EVERY_MS = 500;
/** How fast leases of dead agents pass in the short form, which has no time to wait for them. */
const QUICK_PACE = 15;

/**
 * Agents work off one list while some die, connections are cut and backends ended. In the end every task is completed,
 * and each completion was acknowledged once.
 */
export const unreliableAgents: Figure = async (stack, { quick, onProgress }) => {
  const rows: Row[] = [];
  await setPace(stack.database, quick ? QUICK_PACE : 1);
  for (const way of [GATEWAY, hyperdriveWay(stack)]) {
    onProgress(`over ${way.driver}${way.suffix}`);
    rows.push(await drainInChaos(stack, way, quick));
  }
  await setPace(stack.database, 1);
  return rows;
};

/** Fewer without a pooler: that is slow and unlike production. */
function tasksFor(way: Way, quick: boolean): number {
  if (quick) return way === DIRECT ? 20 : 100;
  return way === DIRECT ? 1_000 : 10_000;
}

function hyperdriveWay({ pgBouncer }: Stack): Way {
  return 'version' in pgBouncer ? PGBOUNCER : DIRECT;
}

async function drainInChaos(stack: Stack, way: Way, quick: boolean): Promise<Row> {
  const agents = quick ? QUICK_AGENTS : AGENTS;
  const chaos = quick ? QUICK_CHAOS : CHAOS;
  const count = tasksFor(way, quick);
  const { database } = stack;
  await fillForDrain(database, count);
  const worker = await stack.start(way);
  const ending = endBackends(database, END_A_BACKEND_EVERY_MS);
  const drained = await drain({ port: worker.port, database, agents, chaos });
  const ended = await ending.stop();
  await worker.stop();
  const { rows } = await database.query<{ done: number }>(
    `select count(*)::int as done from tasks where status = 'completed'`,
  );
  const done = rows[0]?.done ?? 0;
  const once = new Set(drained.completions).size;
  const twice = drained.completions.length - once;
  const { p50, p95, p99 } = summarize(drained.claims);
  return {
    what: `${agents} agents, ${count} tasks, ${way.driver}${way.suffix}`,
    measured:
      `${done} done, ${twice} twice, ${count - once} lost; ` +
      `${drained.killed} agents killed, ${drained.cut} requests cut, ${ended} backends ended; ` +
      `${(count / drained.seconds).toFixed(0)} tasks/s, claim p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`,
    bar: `${count} done, 0 twice, 0 lost`,
    met: done === count && twice === 0 && once === count,
  };
}

/**
 * Equal jobs and workers: this service over HTTP, the queues in process. The service's operations in process tell the
 * transport from the database.
 */
export const besideQueues: Figure = async (stack, { quick, onProgress }) => {
  const count = quick ? 100 : 10_000;
  const { database } = stack;
  const url = stack.postgres.url();
  onProgress('this service');
  await fillForDrain(database, count);
  const worker = await stack.start(GATEWAY);
  const { seconds, claims } = await drain({ port: worker.port, database, agents: AGENTS });
  await worker.stop();
  const { p50, p95, p99 } = summarize(claims);
  const own = count / seconds;
  onProgress('its operations in process');
  await fillForDrain(database, count);
  const inProcess = count / (await drainInProcess(url, POOL));
  const rows: Row[] = [
    {
      what: `claim and complete, ${AGENTS} agents over HTTP`,
      measured: `${own.toFixed(0)} tasks/s, claim p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`,
      bar: 'reported',
    },
    {
      what: `claim and complete in process, ${POOL} connections`,
      measured: `${inProcess.toFixed(0)} tasks/s`,
      bar: 'reported',
    },
  ];
  for (const [name, drainQueue] of [
    ['pg-boss', drainPgBoss],
    ['graphile-worker', drainGraphileWorker],
  ] as const) {
    onProgress(name);
    const perSecond = count / (await drainQueue(url, database, count, AGENTS));
    const share = (rate: number) => (rate / perSecond).toFixed(2);
    const measured = `${perSecond.toFixed(0)} jobs/s; this service does ${share(own)} of it over HTTP, ${share(inProcess)} in process`;
    rows.push({ what: `${name}, ${AGENTS} workers in process`, measured, bar: 'reported' });
  }
  return rows;
};
