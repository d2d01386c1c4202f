import { CasingCache } from 'drizzle-orm/casing';
import { type Query, type SQL, sql } from 'drizzle-orm/sql';
import type { RecordValues } from './request-identity.ts';

export type Access = 'read' | 'write';

/** By the names of the placeholders. */
export type Values = Readonly<Record<string, unknown>>;

/** A row by pg's default types, jsonb parsed. Moments are text (moment.ts): no session setting decides a form. */
export type RawRow = Readonly<Record<string, unknown>>;

/** Compiled once, bound anew for each request. */
export interface Statement<V extends Values, R> {
  /** Names the prepared statement on the server; unique in the service. */
  readonly name: string;
  readonly access: Access;
  readonly query: Query;
  readonly toRow: (row: RawRow) => R;
  /** Carries the type of the values; never present. */
  readonly values?: V;
}

/** How PostgreSQL writes names, parameters and texts. Drizzle's dialect does the same, and brings all of its queries. */
const POSTGRES = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** Marks where a value is bound; values never become part of the text. */
export type Bind<V> = (name: keyof V & string) => SQL;

/** A Worker that starts needs one statement, not all. */
function onFirstUse<Parts extends object>(parts: Parts, text: () => SQL): Parts & { readonly query: Query } {
  let query: Query | undefined;
  return Object.defineProperty({ ...parts, query: { sql: '', params: [] } }, 'query', {
    enumerable: true,
    get: () => {
      query ??= text().toQuery(POSTGRES);
      return query;
    },
  });
}

const placeholder = (name: string): SQL => sql`${sql.placeholder(name)}`;

/** Defines a read. The result is plain data, so it may live in module scope. */
export function defineRead<V extends Values, R>(definition: {
  name: string;
  build: (value: Bind<V>) => SQL;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, build, toRow } = definition;
  return onFirstUse({ name, access: 'read', toRow } as const, () => build(placeholder));
}

/** What the write does, as common table expressions, and the one row that tells the outcome. */
export interface WriteParts {
  readonly steps: SQL;
  readonly outcome: SQL;
}

/** Defines a write, which records its outcome, even a refusal; a taken identity undoes all of it (see Database.run). */
export function defineWrite<V extends Values, R>(definition: {
  name: string;
  build: (value: Bind<V>) => WriteParts;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, build, toRow } = definition;
  return onFirstUse({ name, access: 'write', toRow } as const, () => {
    const { steps, outcome } = build(placeholder);
    return recorded(steps, outcome);
  });
}

// A repetition waits for the first at the rows or the record. Each write deletes two expired records, so the table
// stays as small as recent traffic.
function recorded(steps: SQL, outcome: SQL): SQL {
  const bind: Bind<RecordValues> = placeholder;
  return sql`
    with ${steps},
    outcome as materialized (${outcome}),
    outdated as (
      delete from idempotency_keys
      where ctid = any(array(
        select ctid
        from idempotency_keys
        where expires_at < statement_timestamp()
        order by expires_at
        limit 2
        for update skip locked
      ))
    ),
    recorded as (
      insert into idempotency_keys (caller, key, fingerprint, outcome, expires_at)
      select
        ${bind('record_caller')},
        ${bind('record_key')},
        ${bind('record_fingerprint')},
        to_jsonb(outcome),
        statement_timestamp() + make_interval(secs => ${bind('record_seconds')}::float8)
      from outcome
    )
    select * from outcome`;
}
