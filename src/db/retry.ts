import { databaseUnavailable, outcomeUnknown } from '../domain/errors.ts';
import { AttemptError, type FailureMeaning } from './failures.ts';
import type { Access } from './statement.ts';

/** Time and chance, handed in so that tests own them. */
export interface RetryPorts {
  /** Resolves after that many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
}

/** How long to wait and how often to try; all times in milliseconds. */
export interface RetryPolicy {
  /** The pause before each repetition; their number is the number of repetitions. */
  readonly pauses: readonly number[];
  /** The largest share of a pause that chance may add to it. */
  readonly jitter: number;
  /** The longest that one attempt at a read, or at making a connection, may take. */
  readonly attemptTimeout: number;
  /** The longest that all statements of a request may take, pauses included; a write that was sent may wait so long. */
  readonly totalTimeout: number;
}

/** US-050, "Error Handling": three repetitions after 100, 200 and 400 ms; the bounds keep every answer under 10 s. */
export const RETRY_POLICY: RetryPolicy = {
  pauses: [100, 200, 400],
  jitter: 0.1,
  attemptTimeout: 2_000,
  totalTimeout: 9_000,
};

/** For finding out whether the database answers: one attempt, short enough that the question is answered within a second. */
export const PROBE_POLICY: RetryPolicy = { pauses: [], jitter: 0, attemptTimeout: 400, totalTimeout: 400 };

type Verdict = 'repeat' | 'unavailable' | 'unknown' | 'raise';

/** What follows from a failure. A write is repeated only where nothing can have been executed. */
const VERDICTS: Readonly<Record<FailureMeaning, Readonly<Record<Access, Verdict>>>> = {
  unreachable: { read: 'repeat', write: 'repeat' },
  answer_lost: { read: 'repeat', write: 'unknown' },
  rolled_back: { read: 'repeat', write: 'repeat' },
  unavailable: { read: 'unavailable', write: 'unavailable' },
  unique_violation: { read: 'raise', write: 'raise' },
  rejected: { read: 'raise', write: 'raise' },
};

/** The time that one attempt has, in milliseconds. */
export interface AttemptBudget {
  readonly connect: number;
  /** What is left for the statement, asked when it is sent: connecting uses up the same time. */
  readonly execute: () => number;
}

function budgetOf(
  { attemptTimeout }: RetryPolicy,
  access: Access,
  now: () => number,
  deadline: number,
): AttemptBudget {
  const attemptEnd = Math.min(now() + attemptTimeout, deadline);
  const executionEnd = access === 'read' ? attemptEnd : deadline;
  return { connect: attemptEnd - now(), execute: () => Math.max(1, executionEnd - now()) };
}

/**
 * Runs an attempt under the policy until a moment on the ports' clock. Resolves with its result; rejects with a DomainError
 * (`database_unavailable`, `outcome_unknown`) or with the AttemptError where the server refused the statement.
 */
export async function withRetry<T>(
  access: Access,
  policy: RetryPolicy,
  ports: RetryPorts,
  deadline: number,
  attempt: (budget: AttemptBudget) => Promise<T>,
): Promise<T> {
  for (let repetition = 0; ; repetition += 1) {
    try {
      return await attempt(budgetOf(policy, access, ports.now, deadline));
    } catch (error) {
      refuseUnlessRepeatable(error, access);
      const pause = pauseBefore(repetition, policy, ports.random);
      if (pause === undefined || ports.now() + pause >= deadline) throw databaseUnavailable(error);
      await ports.sleep(pause);
    }
  }
}

function refuseUnlessRepeatable(error: unknown, access: Access): void {
  const verdict: Verdict = error instanceof AttemptError ? VERDICTS[error.meaning][access] : 'raise';
  if (verdict === 'raise') throw error;
  if (verdict === 'unknown') throw outcomeUnknown(error);
  if (verdict === 'unavailable') throw databaseUnavailable(error);
}

function pauseBefore(repetition: number, policy: RetryPolicy, random: () => number): number | undefined {
  const pause = policy.pauses[repetition];
  return pause === undefined ? undefined : pause * (1 + policy.jitter * random());
}
