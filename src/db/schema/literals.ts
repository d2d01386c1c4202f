import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** An SQL literal for CHECK constraints, which cannot hold parameters. */
export function literal(value: string): SQL {
  return sql.raw(`'${value.replaceAll("'", "''")}'`);
}

/** Whether a column holds one of the texts. */
export function isOneOf(column: SQLWrapper, texts: readonly string[]): SQL {
  return sql`${column} in (${sql.join(texts.map(literal), sql`, `)})`;
}

export function number(value: number): SQL {
  return sql.raw(String(value));
}
