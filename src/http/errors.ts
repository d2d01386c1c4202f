import { HTTPException } from 'hono/http-exception';
import { DomainError, type DomainErrorCode, type ErrorDetails, outcomeUnreported } from '../domain/errors.ts';
import type { Database } from '../operations/ports.ts';
import { challengeOf } from './challenge.ts';
import type { AppContext } from './context.ts';

/** The codes that only this door can raise. */
type HttpErrorCode =
  | 'headers_too_large'
  | 'internal_error'
  | 'invalid_credential'
  | 'malformed_credential'
  | 'malformed_json'
  | 'method_not_allowed'
  | 'missing_credential'
  | 'payload_too_large'
  | 'rate_limited'
  | 'route_not_found'
  | 'unsupported_media_type'
  | 'uri_too_long'
  | 'validation_error';

export type ErrorCode = DomainErrorCode | HttpErrorCode;

/** THE table from a code to its status; the compiler refuses a code without one. */
export const STATUS_OF = {
  malformed_json: 400,
  validation_error: 400,
  invalid_transition: 400,
  missing_credential: 401,
  malformed_credential: 401,
  invalid_credential: 401,
  insufficient_scope: 403,
  project_forbidden: 403,
  route_not_found: 404,
  task_not_found: 404,
  method_not_allowed: 405,
  ambiguous_task: 409,
  claim_lost: 409,
  claimed_by_other: 409,
  task_exists: 409,
  payload_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  rate_limited: 429,
  headers_too_large: 431,
  database_unavailable: 500,
  outcome_unknown: 500,
  not_configured: 500,
  internal_error: 500,
  authentication_unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

/** A refusal by this door. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  readonly code: HttpErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: HttpErrorCode, message: string, details?: ErrorDetails) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export function validationError(sentence: string, details: ErrorDetails): HttpError {
  return new HttpError('validation_error', sentence, details);
}

/** RFC 9112, section 3.2: such a request must be refused with 400. */
export function invalidHost(): HttpError {
  const problem = 'The header Host is no host name. Send the name and port of the service';
  return validationError(problem, { problems: [{ header: 'host', problem }] });
}

export function malformedJson(): HttpError {
  return new HttpError('malformed_json', 'The request body is not valid JSON in UTF-8. Send one JSON object');
}

export function incompleteBody(): HttpError {
  return new HttpError('malformed_json', 'The request body did not arrive whole. Send it again');
}

export function unsupportedMediaType(): HttpError {
  return new HttpError(
    'unsupported_media_type',
    'The request body must be JSON. Send the header Content-Type: application/json',
  );
}

export function unsupportedCharset(charset: string): HttpError {
  return new HttpError(
    'unsupported_media_type',
    `The charset of the request body is ${charset}. Send it in UTF-8, with the header Content-Type: application/json`,
  );
}

export function unsupportedContentCoding(codings: readonly string[]): HttpError {
  return new HttpError(
    'unsupported_media_type',
    `The content coding of the request body is ${codings.join(', ')}. Send it as it is, without the header Content-Encoding`,
  );
}

export function payloadTooLarge(limit: number): HttpError {
  return new HttpError(
    'payload_too_large',
    `The request body is larger than ${limit} bytes. Send smaller batches`,
    { limit_bytes: limit },
  );
}

export function missingCredential(): HttpError {
  return new HttpError('missing_credential', 'Missing Authorization header');
}

export function malformedCredential(): HttpError {
  return new HttpError(
    'malformed_credential',
    'Invalid Authorization header format. Expected: Bearer <API_KEY>',
  );
}

/** One answer for every reason why a credential is refused: a stranger learns nothing about the keys. */
export function invalidCredential(): HttpError {
  return new HttpError('invalid_credential', 'Invalid API key');
}

export function uriTooLong(limit: number): HttpError {
  return new HttpError(
    'uri_too_long',
    `The URL is longer than ${limit} bytes. Send fewer or shorter parameters`,
    { limit_bytes: limit },
  );
}

export function headersTooLarge(limit: number, limitBytes: number): HttpError {
  return new HttpError(
    'headers_too_large',
    `The request has more than ${limit} header fields, or more than ${limitBytes} bytes of them. Send fewer or shorter ones`,
    { limit, limit_bytes: limitBytes },
  );
}

export function rateLimited(seconds: number): HttpError {
  return new HttpError('rate_limited', `Too many requests. Wait ${seconds} seconds before the next one`, {
    retry_after_seconds: seconds,
  });
}

export function routeNotFound(method: string, path: string): HttpError {
  return new HttpError(
    'route_not_found',
    `No such route: ${method} ${path}. GET /openapi.json lists the routes`,
  );
}

export function methodNotAllowed(method: string, path: string, allowed: readonly string[]): HttpError {
  const useful = allowed.filter((other) => other !== 'OPTIONS');
  return new HttpError(
    'method_not_allowed',
    `${method} is not allowed on ${path}. Use ${useful.join(' or ')}`,
    { allowed },
  );
}

/**
 * Faults that are ours are told to the client in one fixed sentence, or in another where the change that was asked for
 * may have been made all the same; the log has the rest.
 */
function refusalOf(error: unknown, database: Database | undefined): DomainError | HttpError {
  if (error instanceof DomainError || error instanceof HttpError) return error;
  // The JSON validator raises this for a body that does not parse.
  if (error instanceof HTTPException && error.status === 400) return malformedJson();
  if (database?.mayHaveChanged()) return outcomeUnreported(error);
  return new HttpError(
    'internal_error',
    'Unexpected error. Try again; if it persists, report the request_id to the operator',
  );
}

/** The one place where a failure becomes an answer. */
export function toErrorResponse(error: unknown, c: AppContext): Response {
  // A request that is refused before it needs a database has none.
  const database: Database | undefined = c.get('database');
  const refusal = refusalOf(error, database);
  const { code, message, details } = refusal;
  const challenge = challengeOf(refusal);
  if (challenge !== undefined) c.header('WWW-Authenticate', challenge);
  const body = { success: false, error: message, code, request_id: c.var.requestId };
  return c.json(details === undefined ? body : { ...body, details }, STATUS_OF[code]);
}
