import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Pool } from 'pg';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { type LocalPostgres, startPostgres } from '../../scripts/local/postgres.ts';
import { type Drained, drain, fillForDrain } from '../support/agents.ts';
import type { Figure, Row } from '../support/figure.ts';
import type { BenchAnswer } from '../support/http-client.ts';
import { GATEWAY } from '../support/ways.ts';

const AGENTS = 32;

/** A server of its own that can be restarted on its port. */
class Server {
  readonly port: number;
  readonly #folder: string;
  #running: LocalPostgres;

  private constructor(folder: string, running: LocalPostgres) {
    this.#folder = folder;
    this.#running = running;
    this.port = Number(new URL(running.url()).port);
  }

  static async start(folder: string): Promise<Server> {
    return new Server(folder, await startPostgres(folder));
  }

  get url(): string {
    return this.#running.url();
  }

  async restart(how: 'fast' | 'immediate'): Promise<void> {
    await this.#running.stop(how);
    this.#running = await startPostgres(this.#folder, [], this.port);
  }

  stop(): Promise<void> {
    return this.#running.stop();
  }
}

/** What clients saw: the longest time without a success, and how often each error came. */
class Watch {
  readonly errors = new Map<string, number>();
  longestGap = 0;
  successes = 0;
  #last = performance.now();

  note({ status, body }: BenchAnswer): void {
    if (status >= 400) {
      // Every error of the service has a code.
      const { code } = JSON.parse(body) as { readonly code: string };
      this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
      return;
    }
    const now = performance.now();
    this.longestGap = Math.max(this.longestGap, now - this.#last);
    this.#last = now;
    this.successes += 1;
  }
}

/** Agents work off a list while PostgreSQL is stopped and started again, once in order and once as after a crash. */
export const restart: Figure = async (stack, { quick, onProgress }) => {
  const count = quick ? 200 : 6_000;
  const folder = path.join(stack.folder, 'restarted');
  await mkdir(folder, { recursive: true });
  const server = await Server.start(folder);
  await applyMigrations(server.url);
  const database = new Pool({ connectionString: server.url, max: 1 });
  database.on('error', () => undefined);
  try {
    const rows: Row[] = [];
    for (const how of ['fast', 'immediate'] as const) {
      onProgress(`${how} shutdown`);
      await fillForDrain(database, count);
      await database.query('truncate task_events');
      const worker = await stack.start(GATEWAY, { databaseUrl: server.url });
      const watch = new Watch();
      let restarting: Promise<void> | undefined;
      const drained = await drain({
        port: worker.port,
        database,
        agents: AGENTS,
        onAnswer(answer) {
          watch.note(answer);
          // Each task takes two answers: in the middle of the work.
          if (watch.successes > count) restarting ??= server.restart(how);
        },
      });
      await restarting;
      await worker.stop();
      rows.push(await rowOf(how, count, database, drained, watch));
    }
    return rows;
  } finally {
    await database.end();
    await server.stop();
  }
};

async function rowOf(
  how: string,
  count: number,
  database: Pool,
  { completions, seconds }: Drained,
  { errors, longestGap }: Watch,
): Promise<Row> {
  const { rows } = await database.query<{ done: number; twice: number }>(
    `select
       (select count(*)::int from tasks where status = 'completed') as done,
       (
         select count(*)::int
         from (
           select from task_events
           where to_status = 'completed' and from_status <> 'completed'
           group by task_id having count(*) > 1
         ) as repeated
       ) as twice`,
  );
  const { done = 0, twice = 0 } = rows[0] ?? {};
  const acknowledged = new Set(completions).size;
  const lost = count - done + (count - acknowledged);
  // After a lost commit, the log would not tell of the first time either; the agents would.
  const repeated = Math.max(twice, completions.length - acknowledged);
  const told = [...errors].map(([code, times]) => `${times} ${code}`).join(', ') || 'none';
  return {
    what: `PostgreSQL stopped (${how}) and started again, ${AGENTS} agents, ${count} tasks`,
    measured:
      `${done} done, ${lost} lost, ${repeated} twice; longest time without a success ${(longestGap / 1_000).toFixed(1)} s, ` +
      `errors: ${told}; ${(count / seconds).toFixed(0)} tasks/s`,
    bar: `${count} done, 0 lost, 0 twice`,
    met: done === count && lost === 0 && repeated === 0,
  };
}
