import { refusal } from '../domain/errors/index.ts';
import { AttemptError } from './failures.ts';
import { RECALL_REQUEST } from './recall-request.ts';
import { type RequestIdentity, recordValues } from './request-identity.ts';
import {
  type AttemptBudget,
  type RequestProgress,
  type RetryPolicy,
  type RetryPorts,
  withRetry,
} from './retry.ts';
import { IDEMPOTENCY_KEYS_PKEY } from './schema/names.ts';
import type { RawRow, Statement, Values } from './statement.ts';

/** One way to Postgres. Rejects with AttemptError; with anything else only for a defect of ours. */
export interface Driver {
  /** Runs one compiled statement once, connecting first if needed. */
  execute(
    statement: Pick<Statement<Values, unknown>, 'name' | 'query'>,
    values: Values,
    budget: AttemptBudget,
  ): Promise<readonly RawRow[]>;
  /** Safe to call at any time; never rejects. Undefined where nothing is open. */
  close(): Promise<void> | undefined;
}

/** The database as operations see it, for one request. */
export interface Database {
  /**
   * Runs a statement under the retry policy; a repeated write returns its record. Rejects with `database_unavailable`,
   * `outcome_unknown`, `idempotency_key_reused` or, for a unique violation, AttemptError.
   */
  run<V extends Values, R>(statement: Statement<V, R>, values: V): Promise<readonly R[]>;
  /** The milliseconds of all attempts, without the pauses between them. */
  elapsed(): number;
  /** Whether a write has or may have committed, however the request ends. */
  mayHaveChanged(): boolean;
  /** Never rejects. Undefined where nothing is open. */
  close(): Promise<void> | undefined;
}

export interface RequestPorts {
  /** Asked once, at the first write. */
  readonly identity: () => RequestIdentity;
  /** A write had been done before, by this request or an earlier one with its key. */
  readonly onReplay: () => void;
}

/** Puts a driver under the retry policy; the deadline counts from now, for all statements together. */
export function createDatabase(
  driver: Driver,
  policy: RetryPolicy,
  ports: RetryPorts & RequestPorts,
): Database {
  const progress: RequestProgress = { deadline: ports.now() + policy.totalTimeout, mayBeDone: false };
  let elapsed = 0;
  let isWriteAnswered = false;
  let identity: RequestIdentity | undefined;

  const send = (statement: Statement<Values, unknown>, values: Values) =>
    withRetry(statement.access, policy, ports, progress, async (budget) => {
      const began = ports.now();
      try {
        return await driver.execute(statement, values, budget);
      } finally {
        elapsed += ports.now() - began;
      }
    });

  async function write(statement: Statement<Values, unknown>, values: Values): Promise<readonly RawRow[]> {
    identity ??= ports.identity();
    try {
      return await send(statement, { ...values, ...recordValues(identity) });
    } catch (error) {
      if (!isViolationOf(error, IDEMPOTENCY_KEYS_PKEY)) throw error;
      return recall(identity);
    }
  }

  async function recall({ caller, key, fingerprint }: RequestIdentity): Promise<readonly RawRow[]> {
    const rows = await send(RECALL_REQUEST, { caller, key }).catch((error: unknown) => {
      throw refusal('outcome_unknown', {}, { cause: error });
    });
    const [record] = rows.map(RECALL_REQUEST.toRow);
    if (record === undefined) throw recordGone();
    if (record.fingerprint !== fingerprint) throw refusal('idempotency_key_reused', {});
    ports.onReplay();
    return [record.outcome];
  }

  return {
    async run(statement, values) {
      const isWrite = statement.access === 'write';
      const rows = await (isWrite ? write : send)(statement, values);
      isWriteAnswered ||= isWrite;
      return rows.map(statement.toRow);
    },
    elapsed: () => elapsed,
    mayHaveChanged: () => isWriteAnswered || progress.mayBeDone,
    close: () => driver.close(),
  };
}

function recordGone() {
  return refusal('outcome_unknown', {}, { cause: new Error('The record of the request is gone') });
}

/** Whether that unique constraint or index refused a statement. */
export function isViolationOf(error: unknown, constraint: string): boolean {
  return (
    error instanceof AttemptError && error.meaning === 'unique_violation' && error.constraint === constraint
  );
}
