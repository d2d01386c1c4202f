import { CasingCache } from 'drizzle-orm/casing';
import { Placeholder, type Query, type SQL, sql } from 'drizzle-orm/sql';
import { SEALED } from '../domain/events.ts';
import type { RecordValues } from './request-identity.ts';
import { constant } from './sql/constant.ts';
import { deleteExpiredRecords } from './sql/expired-records.ts';
import { type Change, type LogValues, loggedSteps, sealedStep } from './sql/log.ts';

export type Access = 'read' | 'write';

/** By the names of the placeholders. */
export type Values = Readonly<Record<string, unknown>>;

/** A row by pg's default types, jsonb parsed. Moments are text (moment.ts): no session setting decides a form. */
export type RawRow = Readonly<Record<string, unknown>>;

/** A text and the name of its prepared statement on the server, which is unique in the service. */
export interface Prepared {
  readonly name: string;
  readonly query: Query;
}

/** What a write is sent as where `query`, for the first attempt of a request without a key, does not do. */
export interface WriteForms {
  /** Records the outcome under the key of the request. */
  readonly keyed: Prepared;
  /** Undefined where the write comes to the same when it is done twice. */
  readonly repeated: RepeatedForms | undefined;
}

export interface RepeatedForms {
  /** After an attempt whose answer was lost: whatever it comes to, a late copy of that attempt comes to nothing. */
  readonly again: Prepared;
  /** Reads what an earlier attempt came to. */
  readonly recalled: Prepared;
}

/** Compiled once, bound anew for each request. */
export interface Statement<V extends Values, R> extends Prepared {
  readonly access: Access;
  /** Without them, every request is recorded: under a key that the service makes where the client gave none. */
  readonly forms?: WriteForms;
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
      query ??= withSharedParameters(text().toQuery(POSTGRES));
      return query;
    },
  });
}

/** Binds a value once, however often the text has it: a claim would send sixty parameters instead of ten. */
function withSharedParameters({ sql: text, params }: Query): Query {
  const places = new Map<unknown, number>();
  const shared: unknown[] = [];
  const placeOf = (param: unknown): number => {
    const key = param instanceof Placeholder ? param.name : param;
    const known = places.get(key);
    if (known !== undefined) return known;
    shared.push(param);
    places.set(key, shared.length);
    return shared.length;
  };
  const moved = params.map(placeOf);
  return {
    sql: text.replaceAll(/\$(\d+)/g, (_, place: string) => `$${moved[Number(place) - 1]}`),
    params: shared,
  };
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
  /** Every change of a task that the steps make, for the log. */
  readonly changes: readonly Change[];
  readonly outcome: SQL;
  /** Which outcome ends the request, by the columns of `outcome`; one that does not is no record. Every one by default. */
  readonly concludes?: SQL;
  /**
   * The outcome once more, from `own`, the event of the request, and `done`, its task as long as nobody has changed it
   * since.
   */
  readonly repeated: SQL;
}

const LOG: Bind<LogValues> = placeholder;
const RECORD: Bind<RecordValues> = placeholder;

/** Tells triggers and functions of the database who the caller is, until the transaction ends. */
const SET_CALLER = sql`set_config('task_tracker.caller', ${LOG('log_caller')}, true)`;

/** Defines a write. It logs what it changes, and a repetition of its request changes nothing (see Database.run). */
export function defineWrite<V extends Values, R>(definition: {
  name: string;
  build: (value: Bind<V>) => WriteParts;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, build, toRow } = definition;
  const form = (suffix: string, text: (parts: WriteParts) => SQL): Prepared =>
    onFirstUse({ name: `${name}${suffix}` }, () => text(build(placeholder)));
  const forms = {
    keyed: form('_keyed', (parts) => logged(parts, recordedSteps(parts.concludes))),
    repeated: {
      again: form('_again', (parts) => logged(parts, sealedStep(LOG('log_caller'), LOG('log_request')))),
      recalled: form('_recalled', recalled),
    },
  };
  return onFirstUse({ name, access: 'write', forms, toRow } as const, () => logged(build(placeholder)));
}

/** A write whose outcome is recorded for every request. */
export type RecordedParts = Pick<WriteParts, 'steps' | 'outcome'> &
  Partial<Pick<WriteParts, 'changes' | 'concludes'>>;

/**
 * Defines a write that records its outcome for every request, because nothing else tells it afterwards. The log has the
 * `changes`, and others by a trigger, which `setCaller` tells whose they are.
 */
export function defineRecordedWrite<V extends Values, R>(definition: {
  name: string;
  build: (value: Bind<V>, setCaller: SQL) => RecordedParts;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, build, toRow } = definition;
  return onFirstUse({ name, access: 'write', toRow } as const, () => {
    const { steps, outcome, changes = [], concludes } = build(placeholder, SET_CALLER);
    const log = changes.length === 0 ? [] : [loggedSteps(changes, LOG('log_caller'), sql`null`)];
    return writeText(steps, outcome, ...log, recordedSteps(concludes));
  });
}

/**
 * Defines a write that comes to the same when it is done twice, and leaves no event of its own. With `isAside`, it is no part of the
 * outcome of its request, and no record of the request's key.
 */
export function defineRenewal<V extends Values, R>(definition: {
  name: string;
  isAside?: boolean;
  build: (value: Bind<V>, setCaller: SQL) => Pick<WriteParts, 'steps' | 'outcome'>;
  toRow: (row: RawRow) => R;
}): Statement<V, R> {
  const { name, build, toRow, isAside = false } = definition;
  const text = (...more: readonly SQL[]): SQL => {
    const { steps, outcome } = build(placeholder, SET_CALLER);
    return writeText(steps, outcome, ...more);
  };
  const keyed = onFirstUse({ name: isAside ? name : `${name}_keyed` }, () =>
    isAside ? text() : text(recordedSteps()),
  );
  const forms = { keyed, repeated: undefined };
  return onFirstUse({ name, access: 'write', forms, toRow } as const, () => text());
}

function logged({ steps, changes, outcome }: WriteParts, ...more: readonly SQL[]): SQL {
  return writeText(steps, outcome, loggedSteps(changes, LOG('log_caller'), LOG('log_request')), ...more);
}

/** The text of every write: its steps, the row that tells the outcome, and the steps that go on from that. */
function writeText(steps: SQL, outcome: SQL, ...more: readonly SQL[]): SQL {
  const all = [
    steps,
    sql`
    outcome as materialized (${outcome})`,
    ...more,
  ];
  return sql`
    with recursive ${sql.join(all, sql`,`)}
    select * from outcome`;
}

function recalled({ repeated }: WriteParts): SQL {
  return sql`
    with own as materialized (
      select *
      from task_events
      where request = ${LOG('log_request')}::uuid
    ),
    done as materialized (
      select tasks.*
      from tasks
      join own using (project_id, task_id, version)
    )
    select own.type = ${constant(SEALED)} as is_sealed, outcome.*
    from own
    left join lateral (select true as is_known, repeated.* from (${repeated}) as repeated) as outcome on true`;
}

const IS_RECORDED = sql`exists (
        select from idempotency_keys where caller = ${LOG('log_caller')} and key = ${RECORD('record_key')}
      )`;

// A repetition waits for the first at the rows or the record. One that would go on looking is refused by the record, too.
// Each write deletes two expired records, so the table stays as small as recent traffic.
function recordedSteps(concludes?: SQL): SQL {
  return sql`
    outdated as (${deleteExpiredRecords(2)}
    ),
    recorded as (
      insert into idempotency_keys (caller, key, fingerprint, outcome, expires_at)
      select
        ${LOG('log_caller')},
        ${RECORD('record_key')},
        ${RECORD('record_fingerprint')},
        to_jsonb(outcome),
        statement_timestamp() + make_interval(secs => ${RECORD('record_seconds')}::float8)
      from outcome${concludes === undefined ? sql`` : sql` where ${concludes} or ${IS_RECORDED}`}
    )`;
}
