import { refusal } from '../domain/errors/index.ts';
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
  /**
   * The pauses after statements that neighbours had rolled back: they double from the first to the longest and go on
   * until the time is over. Chance takes away up to half, so that those who met once do not meet again.
   */
  readonly conflictPauses: { readonly first: number; readonly longest: number };
  /** The longest that one attempt at a read, or at making a connection, may take. */
  readonly attemptTimeout: number;
  /** The longest that all statements of a request may take, pauses included. */
  readonly totalTimeout: number;
}

/** US-050, "Error Handling": three repetitions after 100, 200 and 400 ms; the bounds keep every answer under 10 s. */
export const RETRY_POLICY: RetryPolicy = {
  pauses: [100, 200, 400],
  jitter: 0.1,
  conflictPauses: { first: 10, longest: 250 },
  attemptTimeout: 2_000,
  totalTimeout: 9_000,
};

/** For finding out whether the database answers: one attempt, short enough that the question is answered within a second. */
export const PROBE_POLICY: RetryPolicy = {
  ...RETRY_POLICY,
  pauses: [],
  attemptTimeout: 400,
  totalTimeout: 400,
};

type Verdict = 'repeat' | 'go_on' | 'unavailable' | 'raise' | 'defect';

/** What follows from a failure. A write may be repeated because its record keeps it from being done twice. */
const VERDICTS: Readonly<Record<FailureMeaning, Verdict>> = {
  unreachable: 'repeat',
  answer_lost: 'repeat',
  // Nothing was done, and the database is well.
  rolled_back: 'go_on',
  unavailable: 'unavailable',
  unique_violation: 'raise',
  rejected: 'defect',
};

/** What the statements of one request have in common. */
export interface RequestProgress {
  /** When its time is over, on the ports' clock. */
  readonly deadline: number;
  /** Whether an attempt at a write may have done it although its answer was lost; noted by `withRetry`. */
  mayBeDone: boolean;
}

/** The time that one attempt has, in milliseconds. */
export interface AttemptBudget {
  readonly connect: number;
  /** What is left for the statement, asked when it is sent: connecting uses up the same time. */
  readonly execute: () => number;
}

/** A write waits longer, for half of what is left: to ask again costs more than to wait, but the answer may be lost. */
function budgetOf(
  { attemptTimeout }: RetryPolicy,
  access: Access,
  now: () => number,
  deadline: number,
): AttemptBudget {
  const began = now();
  const patience = access === 'read' ? attemptTimeout : Math.max(attemptTimeout, (deadline - began) / 2);
  const executionEnd = Math.min(began + patience, deadline);
  return {
    connect: Math.min(attemptTimeout, deadline - began),
    execute: () => Math.max(1, executionEnd - now()),
  };
}

/**
 * Runs an attempt under the policy until the request's time is over. Resolves with its result; rejects with a
 * DomainError or, where the server refused the statement, with the AttemptError. The DomainError is `outcome_unknown`
 * where a write of the request may have been done by an attempt whose answer was lost, a defect of ours behind that
 * included; otherwise `database_unavailable`.
 */
export async function withRetry<T>(
  access: Access,
  policy: RetryPolicy,
  ports: RetryPorts,
  progress: RequestProgress,
  attempt: (budget: AttemptBudget) => Promise<T>,
): Promise<T> {
  const { deadline } = progress;
  const pauseAfter = pauses(policy, ports.random);
  for (;;) {
    try {
      return await attempt(budgetOf(policy, access, ports.now, deadline));
    } catch (error) {
      progress.mayBeDone ||= access === 'write' && isAnswerLost(error);
      const verdict = verdictOn(error);
      const pause = pauseAfter(verdict);
      if (pause === undefined || ports.now() + pause >= deadline)
        throw ENDINGS[verdict](error, progress.mayBeDone);
      await ports.sleep(pause);
    }
  }
}

const giveUp = (error: unknown, mayBeDone: boolean) =>
  refusal(mayBeDone ? 'outcome_unknown' : 'database_unavailable', {}, { cause: error });

/** What a request is told of its last failure. */
const ENDINGS: Readonly<Record<Verdict, (error: unknown, mayBeDone: boolean) => unknown>> = {
  repeat: giveUp,
  go_on: giveUp,
  unavailable: giveUp,
  raise: (error) => error,
  defect: (error, mayBeDone) => (mayBeDone ? refusal('outcome_unknown', {}, { cause: error }) : error),
};

function verdictOn(error: unknown): Verdict {
  return error instanceof AttemptError ? VERDICTS[error.meaning] : 'defect';
}

function isAnswerLost(error: unknown): boolean {
  return error instanceof AttemptError && error.meaning === 'answer_lost';
}

/** Says how long to wait after each failure of one statement; undefined where it is not tried again. */
function pauses(policy: RetryPolicy, random: () => number): (verdict: Verdict) => number | undefined {
  const { first, longest } = policy.conflictPauses;
  const repetitions = policy.pauses.values();
  let conflictPause = first;
  return (verdict) => {
    if (verdict === 'go_on') {
      const pause = conflictPause * (1 - random() / 2);
      conflictPause = Math.min(longest, 2 * conflictPause);
      return pause;
    }
    const pause = verdict === 'repeat' ? repetitions.next().value : undefined;
    return pause === undefined ? undefined : pause * (1 + policy.jitter * random());
  };
}
