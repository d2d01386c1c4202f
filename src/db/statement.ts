import { type Query, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

/** Whether a statement may be repeated freely (read), or only where nothing can have been executed (write). */
export type Access = 'read' | 'write';

/** The values a statement binds, by the names of its placeholders. */
export type Values = Readonly<Record<string, unknown>>;

/** A row as both drivers hand it over: timestamps as text, jsonb parsed, everything else by pg's default types. */
export type RawRow = Readonly<Record<string, unknown>>;

/** One SQL statement with what is needed to run it: compiled once, bound anew for each request. */
export interface Statement<V extends Values, R> {
  /** Names the prepared statement on the server; unique among the service's statements. */
  readonly name: string;
  readonly access: Access;
  readonly query: Query;
  readonly toRow: (row: RawRow) => R;
  /** Never present: carries the type of the values. */
  readonly values?: V;
}

const dialect = new PgDialect();

/**
 * Defines a statement. `build` gets a function that marks where a value is bound; values are always bound,
 * never written into the text. The result is plain data and so may live in module scope.
 */
export function defineStatement<V extends Values, R>(definition: {
  name: string;
  access: Access;
  build: (value: (name: keyof V & string) => SQL) => SQL;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, access, build, toRow } = definition;
  const query = dialect.sqlToQuery(build((key) => sql`${sql.placeholder(key)}`));
  return { name, access, query, toRow };
}
