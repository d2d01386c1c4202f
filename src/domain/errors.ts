/** A task named by its whole identity. */
export interface TaskIdentity {
  readonly project_id: string;
  readonly task_id: string;
}

/** The codes that the layers below the doors can raise; stable, clients branch on them. */
export type DomainErrorCode =
  | 'ambiguous_task'
  | 'authentication_unavailable'
  | 'claim_lost'
  | 'claimed_by_other'
  | 'database_unavailable'
  | 'idempotency_key_reused'
  | 'insufficient_scope'
  | 'invalid_transition'
  | 'not_configured'
  | 'outcome_unknown'
  | 'project_forbidden'
  | 'task_exists'
  | 'task_not_found';

/** What a caller can act on, as JSON. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** A refusal with a sentence for the caller; holds nothing internal except its `cause`, which is for the log. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  readonly code: DomainErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: DomainErrorCode, message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

export function taskNotFound(taskId: string): DomainError {
  return new DomainError('task_not_found', `Task ${taskId} not found`);
}

export function ambiguousTask(taskId: string): DomainError {
  return new DomainError(
    'ambiguous_task',
    `Task ${taskId} exists in several projects. Add ?project=<project_id> to say which one`,
    { task_id: taskId, hint: 'Send the same request with ?project=<project_id>' },
  );
}

const IDS_IN_SENTENCE = 20;

/** Names every task of a batch that is there already: the first few in the sentence, all in the details. */
export function tasksExist(existing: readonly TaskIdentity[]): DomainError {
  const ids = existing.map((task) => task.task_id);
  const more = ids.length > IDS_IN_SENTENCE ? ` and ${ids.length - IDS_IN_SENTENCE} more` : '';
  return new DomainError(
    'task_exists',
    `Task ids exist already: ${ids.slice(0, IDS_IN_SENTENCE).join(', ')}${more}. Nothing was added; leave them out or choose other ids`,
    { task_ids: ids, existing, hint: 'Send the batch without these tasks, or with other ids for them' },
  );
}

/** US-050, scenario 9: the database could not be reached, or did not answer, within the retry policy. */
export function databaseUnavailable(cause: unknown): DomainError {
  return new DomainError('database_unavailable', 'Database unavailable', undefined, { cause });
}

/** The key stands for another request, whose answer must not be taken for this one's. */
export function idempotencyKeyReused(): DomainError {
  return new DomainError(
    'idempotency_key_reused',
    'The Idempotency-Key was used for another request. Send a new key with a new request, and the same request with the same key',
  );
}

/** A write was sent, and every answer was lost until the time was over. */
export function outcomeUnknown(cause: unknown): DomainError {
  return new DomainError(
    'outcome_unknown',
    'The connection to the database was lost before it answered: the change may or may not have been made. Send the same request again with its Idempotency-Key, or read the task before you try again',
    undefined,
    { cause },
  );
}

/** The service failed on its way from a write to the answer, for a reason that no client can know. */
export function outcomeUnreported(cause: unknown): DomainError {
  return new DomainError(
    'outcome_unknown',
    'The service failed after the change had been sent to the database: the change may have been made. Send the same request again with its Idempotency-Key, or read the task before you try again',
    undefined,
    { cause },
  );
}

/** Also where anonymous callers are allowed but the Worker is deployed: the remedy is the same. */
export function authenticationNotConfigured(): DomainError {
  return new DomainError(
    'not_configured',
    'Authentication is not configured: set API_KEY, API_KEYS or JWT_SECRET',
  );
}

/** The keys that tokens are checked with cannot be had, so nothing can be said of the token. */
export function authenticationUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'authentication_unavailable',
    'The keys that tokens are checked with cannot be fetched. Try again in a few seconds',
    undefined,
    { cause },
  );
}

export function notConfigured(problem: string): DomainError {
  return new DomainError('not_configured', `The service is not configured: ${problem}`);
}
