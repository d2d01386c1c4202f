import { fillPlaceholders } from 'drizzle-orm/sql';
import { Client } from 'pg';
import type { Driver } from '../database.ts';
import { classify, type FailureMeaning } from '../failures.ts';
import type { RawRow } from '../statement.ts';
import { withTimeout } from './timeout.ts';

/** The session survives these, so the next attempt need not connect. */
const ANSWERED: ReadonlySet<FailureMeaning> = new Set(['rolled_back', 'unique_violation']);

/**
 * One client for each request, because I/O objects die with it. The role has the statement_timeout: PgBouncer refuses
 * it at startup or forgets it later (docs/deployment.md).
 */
export function hyperdriveDriver(connectionString: string): Driver {
  let connected: Client | undefined;

  async function connection(timeout: number): Promise<Client> {
    if (connected !== undefined) return connected;
    const client = new Client({ connectionString });
    // Without a listener, an error on an idle connection would end the isolate.
    client.on('error', () => undefined);
    try {
      await withTimeout(client.connect(), timeout, 'Connecting');
    } catch (error) {
      void end(client);
      throw classify(error, 'connecting');
    }
    connected = client;
    return client;
  }

  function close(): Promise<void> | undefined {
    const client = connected;
    connected = undefined;
    return client && end(client);
  }

  return {
    async execute({ name, query }, values, budget) {
      const bound = fillPlaceholders(query.params, values);
      const client = await connection(budget.connect);
      try {
        const work = client.query<RawRow>({ name, text: query.sql, values: bound });
        return (await withTimeout(work, budget.execute(), 'The statement')).rows;
      } catch (error) {
        const failure = classify(error, 'executing');
        if (!ANSWERED.has(failure.meaning)) void close();
        throw failure;
      }
    },
    close,
  };
}

/** Frees the server's session at once; a dead peer must not delay or fail anything. */
async function end(client: Client): Promise<void> {
  await withTimeout(client.end(), 1_000, 'Closing').catch(() => undefined);
}
