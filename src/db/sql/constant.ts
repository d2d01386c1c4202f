import { type SQL, sql } from 'drizzle-orm/sql';

/** A value of the service's own in the text of a statement: a constant that the planner may see. */
export function constant(value: number | string): SQL {
  return sql.raw(typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`);
}
