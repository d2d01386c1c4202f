import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Figure, ms, type Row } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { summarize } from '../support/summary.ts';
import { fill } from '../support/tasks.ts';
import { GATEWAY } from '../support/ways.ts';

const AGENTS = 200;
const WAIT_SECONDS = 50;
const TASKS = 10_000;
/** The first pauses are short; agents that wait for long are past them. */
const SETTLING_MS = 4_000;
/** Over which the adds of a round are spread: longer than a pause of the waits. */
const SPREAD_MS = 2_500;
const ALONE = 20;

/** What agents that wait cost the database, and how soon one of them has a task that is added. */
export const waiting: Figure = async (stack, { quick, onProgress }) => {
  const { database } = stack;
  await fill(database, TASKS);
  const worker = await stack.start(GATEWAY);
  const client = new HttpClient(worker.port, AGENTS + ALONE + 1);
  const agents = new WaitingAgents(client);
  onProgress(`${AGENTS} agents that wait`);
  agents.begin(Array.from({ length: AGENTS }, () => 'waiting'));
  const rows = [await costRow(database, quick)];
  onProgress('adds');
  rows.push(await soonRow(agents, ['waiting'], quick ? 5 : 30, `${AGENTS} agents that wait for one list`));
  const alone = Array.from({ length: ALONE }, (_, n) => `alone-${n}`);
  agents.begin(alone);
  rows.push(await soonRow(agents, alone, quick ? 1 : 3, 'an agent that waits alone'));
  await agents.end();
  await worker.stop();
  return rows;
};

async function costRow(database: Pool, quick: boolean): Promise<Row> {
  const seconds = quick ? 5 : 30;
  await sleep(SETTLING_MS);
  await database.query('select pg_stat_statements_reset()');
  await sleep(seconds * 1_000);
  const { rows } = await database.query<{ calls: number; time: number }>(
    `select sum(calls)::int as calls, sum(total_exec_time)::float8 as time
     from pg_stat_statements
     where query not like '%pg_stat_statements%'`,
  );
  const { calls = 0, time = 0 } = rows[0] ?? {};
  const perSecond = calls / seconds;
  const share = time / seconds;
  return {
    what: `${AGENTS} agents that wait, at the database`,
    measured: `${perSecond.toFixed(0)} statements/s, ${share.toFixed(0)} ms of execution a second, ${ms(time / calls)} each`,
    bar: 'reported',
  };
}

/** Adds to each list, so often, and tells how long after each add somebody had the task. */
async function soonRow(
  agents: WaitingAgents,
  projects: readonly string[],
  rounds: number,
  who: string,
): Promise<Row> {
  for (let round = 0; round < rounds; round += 1) await addTo(agents, projects);
  const { count, p50, p95 } = summarize(agents.delays.splice(0));
  return {
    what: `from an add to the claim of ${who}`,
    measured: `p50 ${ms(p50)}, p95 ${ms(p95)}, ${count} adds`,
    bar: 'p50 below 1,000 ms',
    met: p50 < 1_000,
  };
}

/** Resolves when each list's task was claimed. */
async function addTo(agents: WaitingAgents, projects: readonly string[]): Promise<void> {
  if (projects.length > 1) await sleep(SETTLING_MS);
  await Promise.all(
    projects.map(async (project) => {
      await sleep(Math.random() * SPREAD_MS);
      await agents.add(project);
    }),
  );
}

/** Each claims again as soon as it has completed a task, or has waited in vain. */
class WaitingAgents {
  /** In milliseconds, from the answer to an add to that to the claim. */
  readonly delays: number[] = [];
  readonly #client: HttpClient;
  readonly #claimed = new Map<string, () => void>();
  readonly #ends: Promise<void>[] = [];
  #number = 0;
  #isOver = false;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  /** Begins one agent for each of these lists. */
  begin(projects: readonly string[]): void {
    const first = this.#ends.length;
    this.#ends.push(...projects.map((project, n) => this.#work(project, `agent-${first + n}`)));
  }

  /** Adds a task; resolves when it is claimed. */
  async add(project: string): Promise<void> {
    this.#number += 1;
    const task_id = `WAITED-${this.#number}`;
    const claimed = new Promise<number>((resolve) => {
      this.#claimed.set(task_id, () => resolve(performance.now()));
    });
    const tasks = [{ task_id, project_id: project, description: 'Waited for' }];
    await this.#send('POST', '/tasks/batch', { tasks });
    const added = performance.now();
    this.delays.push(Math.max(0, (await claimed) - added));
  }

  /** Closes the client, and with it the waits; resolves when all agents have ended. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#client.close();
    await Promise.all(this.#ends);
  }

  async #work(project: string, agent_id: string): Promise<void> {
    const body = { project_id: project, agent_id, wait_seconds: WAIT_SECONDS };
    while (!this.#isOver) {
      const answer = await this.#send('POST', '/tasks/claim', body).catch(() => undefined);
      if (answer === undefined) return;
      // The service answers a claim so.
      const { task, claim } = JSON.parse(answer) as {
        task: { task_id: string } | null;
        claim: { token: number };
      };
      if (task === null) continue;
      this.#claimed.get(task.task_id)?.();
      const done = { status: 'completed', claim_token: claim.token };
      await this.#send('PUT', `/tasks/${task.task_id}/status?project=${project}`, done).catch(
        () => undefined,
      );
    }
  }

  async #send(method: 'POST' | 'PUT', path: string, sent: unknown): Promise<string> {
    const { status, body } = await this.#client.send({ method, path, body: sent });
    if (status !== 200) throw new Error(`${method} ${path} was answered ${status}: ${body}`);
    return body;
  }
}
