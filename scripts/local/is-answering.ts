import { Client } from 'pg';

const TIMEOUT_MS = 2_000;

/** Whether a database, or a pooler, accepts the user of a connection string. */
export async function isAnswering(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
