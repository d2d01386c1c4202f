import { type SQL, sql } from 'drizzle-orm';

/** An SQL literal for CHECK constraints, which cannot hold parameters. */
export function literal(value: string): SQL {
  return sql.raw(`'${value.replaceAll("'", "''")}'`);
}

export function number(value: number): SQL {
  return sql.raw(String(value));
}
