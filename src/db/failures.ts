import { LIVE_PRODUCERS } from './schema/names.ts';

export type FailureMeaning =
  /** Nothing was sent. */
  | 'unreachable'
  /** Sent without an answer: the statement may have committed. */
  | 'answer_lost'
  /** Rolled back because of its neighbours; the same statement may succeed. */
  | 'rolled_back'
  /** Refused or cancelled, and will be for a while. */
  | 'unavailable'
  | 'unique_violation'
  /** The graph does not allow it; the refusal says why. */
  | 'refused'
  /** A defect of ours. */
  | 'rejected';

/** Drivers in workerd often give no code, but the phase is always known. */
export type Phase = 'connecting' | 'executing';

export class AttemptError extends Error {
  override readonly name = 'AttemptError';

  readonly meaning: FailureMeaning;
  readonly constraint: string | undefined;
  /** What the functions of the graph say of a refusal, as JSON. */
  readonly detail: string | undefined;

  constructor(meaning: FailureMeaning, cause: unknown, constraint?: string, detail?: string) {
    super(`Database attempt failed: ${meaning}`, { cause });
    this.meaning = meaning;
    this.constraint = constraint;
    this.detail = detail;
  }
}

/** PostgreSQL manual, appendix A. */
const BY_CODE: Readonly<Record<string, FailureMeaning>> = {
  '08001': 'unreachable', // sqlclient_unable_to_establish_sqlconnection
  '08004': 'unreachable', // sqlserver_rejected_establishment_of_sqlconnection
  '23505': 'unique_violation',
  '25P04': 'unavailable', // transaction_timeout, which ends before the commit
  '25006': 'unavailable', // read_only_sql_transaction: a standby, or a failover under way
  '40001': 'rolled_back', // serialization_failure
  '40P01': 'rolled_back', // deadlock_detected
  '55P03': 'rolled_back', // lock_not_available: lock_timeout
  '53300': 'unreachable', // too_many_connections: refused before any statement
  '57014': 'unavailable', // query_canceled: statement_timeout, which ends before the commit
  XG001: 'refused', // refuse_graph, our own
  '57P03': 'unreachable', // cannot_connect_now: starting up or shutting down
};

const BY_CLASS: Readonly<Record<string, FailureMeaning>> = {
  '08': 'answer_lost', // connection exception; 08P01 is how PgBouncer says that its server is gone
  '53': 'unavailable', // insufficient resources: disk full, out of memory
  '57': 'answer_lost', // operator intervention: the backend may have been ended after its commit
  '58': 'answer_lost', // system error
};

// The first character excludes EPIPE and its like, which also have five capitals.
const SQLSTATE = /^[0-9FHPX][0-9A-Z]{4}$/;

interface ServerReport {
  readonly code: string;
  readonly constraint: string | undefined;
  readonly detail: string | undefined;
}

/** Both drivers use these names in their errors. */
function serverReport(error: unknown): ServerReport | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, constraint, detail } = error as { code?: unknown; constraint?: unknown; detail?: unknown };
  if (typeof code !== 'string' || !SQLSTATE.test(code)) return undefined;
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { code, constraint: textOf(constraint), detail: textOf(detail) };
}

/** A data exception (class 22) quotes a value in its message, which must not reach the log. */
function withoutValues(error: unknown, code: string | undefined): unknown {
  return code?.startsWith('22') ? new Error(`The server refused a value: SQLSTATE ${code}`) : error;
}

/** Gives a driver's error the meaning of its SQLSTATE or, without one, of a connection lost in that phase. */
export function classify(error: unknown, phase: Phase): AttemptError {
  const report = serverReport(error);
  const { constraint, detail } = report ?? {};
  // Whoever repeats the statement is told by it which task has the artifact.
  const meaning = constraint === LIVE_PRODUCERS ? 'rolled_back' : meaningOf(report?.code, phase);
  return new AttemptError(meaning, withoutValues(error, report?.code), constraint, detail);
}

function meaningOf(code: string | undefined, phase: Phase): FailureMeaning {
  if (phase === 'connecting') return 'unreachable';
  if (code === undefined) return 'answer_lost';
  return BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)] ?? 'rejected';
}

/** Whether that unique constraint or index refused a statement. */
export function isViolationOf(error: unknown, constraint: string): boolean {
  return (
    error instanceof AttemptError && error.meaning === 'unique_violation' && error.constraint === constraint
  );
}
