import { randomBytes } from 'node:crypto';
import { startGateway } from '../../scripts/local/gateway.ts';
import type { DriverName } from '../../src/db/target.ts';
import type { Row } from './figure.ts';
import { startPgBouncer } from './pgbouncer.ts';

/** In front of the database for one Worker. */
export interface Front {
  /** The driver's target. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface Way {
  readonly driver: DriverName;
  /** Appended to the name of the measurement. */
  readonly suffix: string;
  open(folder: string, databaseUrl: string): Promise<Front>;
}

/** As npm start: Neon's protocol over a pool of connections. */
export const GATEWAY: Way = {
  driver: 'neon',
  suffix: '',
  open: (_, databaseUrl) => startGateway({ databaseUrl, password: randomBytes(8).toString('hex') }),
};

/** A connection to PostgreSQL itself for each request. */
export const DIRECT: Way = {
  driver: 'hyperdrive',
  suffix: '',
  open: (_, url) => Promise.resolve({ url, stop: () => Promise.resolve() }),
};

/** Stands in for Hyperdrive: a connection for each request to a nearby pool. */
export const PGBOUNCER: Way = {
  driver: 'hyperdrive',
  suffix: ', through PgBouncer',
  open: startPgBouncer,
};

/** Measures over one way after another; each row names its way. */
export async function overEach(
  ways: readonly Way[],
  measure: (way: Way) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const way of ways) {
    rows.push(...(await measure(way)).map((row) => ({ ...row, what: row.what + way.suffix })));
  }
  return rows;
}
