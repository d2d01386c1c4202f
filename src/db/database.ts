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
  close(): Promise<void>;
}

/** Puts a driver under the retry policy; its time runs from now, for all statements together. */
export function createDatabase(driver: Driver, policy: RetryPolicy, ports: RetryPorts): Database {
  const deadline = ports.now() + policy.totalTimeout;
  return {
    async run(statement, values) {
      const rows = await withRetry(statement.access, policy, ports, deadline, (budget) =>
        driver.execute(statement, values, budget),
      );
      return rows.map(statement.toRow);
    },
    close: () => driver.close(),
  };
}

/** Whether a statement was refused because a row with its key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof AttemptError && error.meaning === 'unique_violation';
}
