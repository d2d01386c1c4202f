import type { ErrorAnswer } from './schema.ts';

/** The codes of what the service did not say; the last two are those of a worker. */
export type LocalCode =
  | 'connection_failed'
  | 'timeout'
  | 'aborted'
  | 'unexpected_answer'
  | 'lease_expired'
  | 'run_over'
  | 'worker_stopped';

/** Those of the service are stable; a later version of it may know more. */
export type TaskTrackerErrorCode = ErrorAnswer['code'] | LocalCode | (string & {});

export interface ErrorFacts {
  readonly code: TaskTrackerErrorCode;
  readonly status?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Every failure of a call: a refusal of the service, a lost connection, a timeout, an abort. */
export class TaskTrackerError extends Error {
  override readonly name = 'TaskTrackerError';
  readonly code: TaskTrackerErrorCode;
  /** The HTTP status; undefined if no answer came. */
  readonly status: number | undefined;
  /** What the caller can act on, by code: see docs/errors.md. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** The next sensible call, where the service names one. */
  readonly hint: string | undefined;
  /** Names the request in the service's log. */
  readonly requestId: string | undefined;
  /** How long the service asks to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, facts: ErrorFacts, options?: ErrorOptions) {
    super(message, options);
    const { details, requestId, status, retryAfterSeconds } = facts;
    this.code = facts.code;
    this.status = status;
    this.details = details;
    this.hint = typeof details?.['hint'] === 'string' ? details['hint'] : undefined;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same request may succeed later: 429, 5xx, a lost connection or a timeout. */
  get isTransient(): boolean {
    if (this.status === undefined) return this.code === 'connection_failed' || this.code === 'timeout';
    return this.status === 429 || this.status >= 500;
  }
}
