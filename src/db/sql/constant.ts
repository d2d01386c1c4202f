import { type SQL, sql } from 'drizzle-orm/sql';

/** Our own value as a constant in a statement, which the planner may see. */
export function constant(value: number | string | boolean): SQL {
  return sql.raw(typeof value !== 'string' ? String(value) : `'${value.replaceAll("'", "''")}'`);
}
