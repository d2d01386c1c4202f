import { refusal } from '../domain/errors/index.ts';
import { AttemptError, type FailureMeaning } from './failures.ts';
import { graphRefusal } from './graph-refusal.ts';
import type { Access } from './statement.ts';

/** Handed in so that tests own time and chance. */
export interface RetryPorts {
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/** All times are in milliseconds. */
export interface RetryPolicy {
  readonly pauses: readonly number[];
  /** The largest share that chance may add to a pause. */
  readonly jitter: number;
  /** After a rollback caused by neighbours: doubles from first to longest. Chance takes off up to half. */
  readonly conflictPauses: { readonly first: number; readonly longest: number };
  /** For one read, or one connection. */
  readonly attemptTimeout: number;
  /** For all statements of a request, pauses included. */
  readonly totalTimeout: number;
}

/** US-050, "Error Handling": three retries after 100, 200 and 400 ms. The bounds keep every answer under 10 s. */
export const RETRY_POLICY: RetryPolicy = {
  pauses: [100, 200, 400],
  jitter: 0.1,
  conflictPauses: { first: 10, longest: 250 },
  attemptTimeout: 2_000,
  totalTimeout: 9_000,
};

/** For health checks, which answer within a second: one attempt. */
export const PROBE_POLICY: RetryPolicy = {
  ...RETRY_POLICY,
  pauses: [],
  attemptTimeout: 400,
  totalTimeout: 400,
};

type Verdict = 'repeat' | 'go_on' | 'unavailable' | 'raise' | 'refuse' | 'defect';

/** A write may be repeated: its record keeps it from being done twice. */
const VERDICTS: Readonly<Record<FailureMeaning, Verdict>> = {
  unreachable: 'repeat',
  answer_lost: 'repeat',
  // Nothing changed, and the database is well.
  rolled_back: 'go_on',
  unavailable: 'unavailable',
  unique_violation: 'raise',
  refused: 'refuse',
  rejected: 'defect',
};

export interface RequestProgress {
  /** On the ports' clock. */
  readonly deadline: number;
  /** A write may have committed although its answer was lost; set by `withRetry`. */
  mayBeDone: boolean;
}

export interface AttemptBudget {
  readonly connect: number;
  /** Asked when the statement is sent: connecting uses up the same time. */
  readonly execute: () => number;
}

/** A write may take half the remaining time: waiting costs less than asking again, but its answer may be lost. */
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

/** Rejects with `database_unavailable`, `outcome_unknown` where a write may have committed, or an AttemptError. */
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

const ENDINGS: Readonly<Record<Verdict, (error: unknown, mayBeDone: boolean) => unknown>> = {
  repeat: giveUp,
  go_on: giveUp,
  unavailable: giveUp,
  raise: (error) => error,
  refuse: (error, mayBeDone) => (mayBeDone ? giveUp(error, mayBeDone) : (graphRefusal(error) ?? error)),
  defect: (error, mayBeDone) => (mayBeDone ? refusal('outcome_unknown', {}, { cause: error }) : error),
};

function verdictOn(error: unknown): Verdict {
  return error instanceof AttemptError ? VERDICTS[error.meaning] : 'defect';
}

function isAnswerLost(error: unknown): boolean {
  return error instanceof AttemptError && error.meaning === 'answer_lost';
}

/** How long to wait after each failure of one statement; undefined ends the attempts. */
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
