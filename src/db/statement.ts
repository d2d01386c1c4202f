import { CasingCache } from 'drizzle-orm/casing';
import { type Query, type SQL, sql } from 'drizzle-orm/sql';
import type { RecordValues } from './request-identity.ts';

/** Whether a statement only looks, or changes something and records the request that did. */
export type Access = 'read' | 'write';

/** The values a statement binds, by the names of its placeholders. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * A row as both drivers hand it over: jsonb parsed, everything else by pg's default types. No statement gives a moment
 * to the driver but as text (see moment.ts), nor anything else whose form a setting of the session decides.
 */
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

/** How PostgreSQL writes names, parameters and texts. Drizzle's dialect does the same, and brings all of its queries. */
const POSTGRES = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** Marks where a value is bound; values are always bound, never written into the text. */
export type Bind<V> = (name: keyof V & string) => SQL;

/** Compiles at the first use: a Worker that starts needs one statement, not all. */
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

/** Defines a statement that only looks. The result is plain data and so may live in module scope. */
export function defineRead<V extends Values, R>(definition: {
  name: string;
  build: (value: Bind<V>) => SQL;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, build, toRow } = definition;
  return onFirstUse({ name, access: 'read', toRow } as const, () => build(placeholder));
}

/** A write in two parts: what it does, as common table expressions, and the one row that says what came of it. */
export interface WriteParts {
  readonly steps: SQL;
  readonly outcome: SQL;
}

/**
 * Defines a statement that writes. Its outcome, a refusal too, is recorded under the request's identity by the same
 * statement; where that is taken, the server refuses the whole statement and nothing is changed (see Database.run).
 */
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

/**
 * A second request waits for the one under way, at the rows that both want or at the record. Each write takes two
 * outdated records away, so that the table stays as small as the traffic of the time that records are kept.
 */
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
