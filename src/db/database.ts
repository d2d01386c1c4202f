import { AttemptError } from './failures.ts';
import { type AttemptBudget, type RetryPolicy, type RetryPorts, withRetry } from './retry.ts';
import type { RawRow, Statement, Values } from './statement.ts';

/** One way to Postgres. Every method rejects with AttemptError and nothing else. */
export interface Driver {
  /** Runs one compiled statement once, connecting first where that is needed. */
  execute(
    statement: Pick<Statement<Values, unknown>, 'name' | 'query'>,
    values: Values,
    budget: AttemptBudget,
  ): Promise<readonly RawRow[]>;
  /** Lets go of the connection, if there is one; safe to call at any time, never rejects. */
  close(): Promise<void>;
}

/** The database as the operations see it; lives as long as one request. */
export interface Database {
  /**
   * Runs a statement under the retry policy and reads its rows.
   * Rejects with a DomainError when the database cannot be reached or the outcome is unknown.
   */
  run<V extends Values, R>(statement: Statement<V, R>, values: V): Promise<readonly R[]>;
  /** How long the attempts at statements have taken so far, in milliseconds, without the pauses between them. */
  elapsed(): number;
  close(): Promise<void>;
}

/** Puts a driver under the retry policy; its time runs from now, for all statements together. */
export function createDatabase(driver: Driver, policy: RetryPolicy, ports: RetryPorts): Database {
  const deadline = ports.now() + policy.totalTimeout;
  let elapsed = 0;
  return {
    async run(statement, values) {
      const rows = await withRetry(statement.access, policy, ports, deadline, async (budget) => {
        const began = ports.now();
        try {
          return await driver.execute(statement, values, budget);
        } finally {
          elapsed += ports.now() - began;
        }
      });
      return rows.map(statement.toRow);
    },
    elapsed: () => elapsed,
    close: () => driver.close(),
  };
}

/** Whether a statement was refused because a row with its key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof AttemptError && error.meaning === 'unique_violation';
}
