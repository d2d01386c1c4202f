import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { RawRow, Statement, Values } from '../statement.ts';

/** Both drivers return an object with the rows; neither is asked to map them. */
interface Prepared {
  execute: { rows: RawRow[] };
  all: unknown;
  values: unknown;
}

/** Gives a compiled statement to a driver of drizzle's, under its name where the driver knows names. */
export function prepare(
  database: PgDatabase<PgQueryResultHKT>,
  { name, query }: Pick<Statement<Values, unknown>, 'name' | 'query'>,
) {
  return database._.session.prepareQuery<Prepared>(query, undefined, name, false);
}
