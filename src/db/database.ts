import { madeName, onceOnly, type RequestPorts, type Send } from './once-only.ts';
import {
  type AttemptBudget,
  type RequestProgress,
  type RetryPolicy,
  type RetryPorts,
  withRetry,
} from './retry.ts';
import type { Prepared, RawRow, Statement, Values } from './statement.ts';

export type { RequestPorts } from './once-only.ts';

/** One way to Postgres. Rejects with AttemptError; with anything else only for a defect of ours. */
export interface Driver {
  /** Runs one compiled statement once, connecting first if needed. */
  execute(statement: Prepared, values: Values, budget: AttemptBudget): Promise<readonly RawRow[]>;
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
  /** How often a statement was sent, repetitions included. */
  attempts(): number;
  /** The milliseconds of all attempts, without the pauses between them. */
  elapsed(): number;
  /** Whether a write has or may have committed, however the request ends. */
  mayHaveChanged(): boolean;
  /**
   * Holds nothing open; the next statement has the time of a new request. It keeps the once-only name: what an earlier
   * statement came to whose answer was lost is the outcome of this request. Never rejects.
   */
  rest(): Promise<void>;
  /** Never rejects. Undefined where nothing is open. */
  close(): Promise<void> | undefined;
}

/** Puts a driver under the retry policy; the deadline counts from now, or from the last rest, for all statements together. */
export function createDatabase(
  driver: Driver,
  policy: RetryPolicy,
  ports: RetryPorts & RequestPorts,
): Database {
  let elapsed = 0;
  let attempts = 0;
  let isWriteAnswered = false;
  const name = madeName(ports);

  const begin = () => {
    const progress: RequestProgress = { deadline: ports.now() + policy.totalTimeout, mayBeDone: false };
    const send: Send = (access, form, values) =>
      withRetry(access, policy, ports, progress, async (budget) => {
        const began = ports.now();
        attempts += 1;
        try {
          return await driver.execute(form(), values, budget);
        } finally {
          elapsed += ports.now() - began;
        }
      });
    return { progress, send, write: onceOnly(send, ports, progress, name) };
  };
  let request = begin();

  return {
    async run(statement, values) {
      const isWrite = statement.access === 'write';
      const { send, write } = request;
      const rows = await (isWrite ? write(statement, values) : send('read', () => statement, values));
      isWriteAnswered ||= isWrite;
      return rows.map(statement.toRow);
    },
    attempts: () => attempts,
    elapsed: () => elapsed,
    mayHaveChanged: () => isWriteAnswered || request.progress.mayBeDone,
    async rest() {
      await driver.close();
      isWriteAnswered ||= request.progress.mayBeDone;
      request = begin();
    },
    close: () => driver.close(),
  };
}
