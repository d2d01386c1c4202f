import { insufficientScope, projectForbidden } from '../../domain/access.ts';
import { claimedByOther, claimLost, invalidTransition } from '../../domain/conflicts.ts';
import {
  ambiguousTask,
  authenticationUnavailable,
  type DomainError,
  databaseUnavailable,
  idempotencyKeyReused,
  notConfigured,
  outcomeUnknown,
  taskNotFound,
  tasksExist,
} from '../../domain/errors.ts';
import {
  type ErrorCode,
  type HttpError,
  headersTooLarge,
  invalidCredential,
  malformedCredential,
  malformedJson,
  missingCredential,
  payloadTooLarge,
  rateLimited,
  STATUS_OF,
  unsupportedMediaType,
  uriTooLong,
  validationError,
} from '../errors.ts';
import {
  BODY_LIMIT_BYTES,
  HEADER_LIMIT,
  HEADERS_LIMIT_BYTES,
  RATE_LIMIT_PERIODS,
  URL_LIMIT_BYTES,
} from '../limits.ts';
import { errorAnswer } from './answers.ts';
import { EXAMPLE_CLAIM } from './examples.ts';
import { STATUS_FORM } from './fields.ts';
import { describeIssues } from './validation.ts';

const EXAMPLE_HOLDER = { agentId: 'agent-7', leaseExpiresAt: new Date(EXAMPLE_CLAIM.lease_expires_at) };

/** An error answer of each kind that a route can give, made by the code that makes the real one. */
const EXAMPLES = {
  missing_project: invalid('parameter', {
    path: ['project'],
    message: 'Invalid input: expected string, received undefined',
  }),
  unknown_parameter: invalid('parameter', {
    path: [],
    keys: ['projct'],
    message: 'Unknown parameter: projct. Known parameters: project, status',
  }),
  invalid_body: invalid('field', {
    path: ['status'],
    message: STATUS_FORM,
  }),
  duplicate_ids: invalid('field', {
    path: ['tasks'],
    message: 'Duplicate task ids in one batch: TASK-046. Give each task an id of its own',
  }),
  malformed_json: malformedJson(),
  missing_credential: missingCredential(),
  malformed_credential: malformedCredential(),
  invalid_credential: invalidCredential(),
  lacks_read: insufficientScope('read'),
  lacks_write: insufficientScope('write'),
  lacks_admin: insufficientScope('admin'),
  project_forbidden: projectForbidden(['ai-agent-mcp-server']),
  authentication_unavailable: authenticationUnavailable(undefined),
  invalid_transition: invalidTransition({ taskId: 'TASK-051', status: 'completed', holder: null }, 'pending'),
  claimed_by_other: claimedByOther({ taskId: 'TASK-051', status: 'in_progress', holder: EXAMPLE_HOLDER }),
  claim_lost: claimLost({ taskId: 'TASK-051', status: 'pending', holder: null }),
  task_not_found: taskNotFound('TASK-051'),
  ambiguous_task: ambiguousTask('TASK-051'),
  task_exists: tasksExist([{ project_id: 'ai-agent-mcp-server', task_id: 'TASK-046' }]),
  uri_too_long: uriTooLong(URL_LIMIT_BYTES),
  rate_limited: rateLimited(RATE_LIMIT_PERIODS.credential),
  headers_too_large: headersTooLarge(HEADER_LIMIT, HEADERS_LIMIT_BYTES),
  payload_too_large: payloadTooLarge(BODY_LIMIT_BYTES),
  unsupported_media_type: unsupportedMediaType(),
  idempotency_key_reused: idempotencyKeyReused(),
  not_configured: notConfigured('DATABASE_DRIVER is neon: set the secret DATABASE_URL'),
  database_unavailable: databaseUnavailable(undefined),
  outcome_unknown: outcomeUnknown(undefined),
} satisfies Record<string, DomainError | HttpError>;

type ExampleName = keyof typeof EXAMPLES;

const DESCRIPTIONS: Readonly<Record<(typeof STATUS_OF)[ErrorCode], string>> = {
  400: 'The request is at fault',
  401: 'The credential is missing, malformed or not known',
  403: 'The credential does not cover that',
  404: 'There is no such task',
  405: 'That method is not allowed here',
  409: 'What is stored stands in the way',
  413: 'The body is too large',
  414: 'The URL is too long',
  415: 'The body is not JSON',
  422: 'The idempotency key stands for another request',
  429: 'Too many requests; see the header Retry-After',
  431: 'The header fields are too many or too large',
  500: 'The service is at fault',
  503: 'Who is asking cannot be told at the moment',
};

function invalid(
  noun: 'field' | 'parameter',
  issue: { path: string[]; keys?: string[]; message: string },
): HttpError {
  const { sentence, details } = describeIssues([issue], noun);
  return validationError(sentence, details);
}

function exampleOf({ code, message, details }: DomainError | HttpError) {
  const request_id = '0b0f5f6e-6a9e-4c52-9d63-0a4d6c9f2a11';
  const value = { success: false, error: message, code, request_id };
  return { value: details === undefined ? value : { ...value, details } };
}

interface HeaderDescription {
  readonly description: string;
  readonly schema: { readonly type: 'string' | 'integer' };
}

const LACKS: HeaderDescription = {
  description: 'What the credential lacks (RFC 6750, section 3)',
  schema: { type: 'string' },
};

type ErrorAnswer = ReturnType<typeof errorAnswerOf> & ReturnType<typeof headersOf>;

/** The error answers of a route, by status, for its OpenAPI description. */
export function errorAnswers(...names: ExampleName[]) {
  const answers: Record<string, ErrorAnswer> = {};
  for (const status of new Set(names.map((name) => STATUS_OF[EXAMPLES[name].code]))) {
    const ofStatus = names.filter((name) => STATUS_OF[EXAMPLES[name].code] === status);
    answers[status] = { ...errorAnswerOf(DESCRIPTIONS[status], ofStatus), ...headersOf(status) };
  }
  return answers;
}

function errorAnswerOf(description: string, names: readonly ExampleName[]) {
  const examples = Object.fromEntries(names.map((name) => [name, exampleOf(EXAMPLES[name])]));
  return { description, content: { 'application/json': { schema: errorAnswer, examples } } };
}

/** The headers that answers of a status have besides those that every answer has. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, HeaderDescription>>>> = {
  401: { 'WWW-Authenticate': LACKS },
  403: { 'WWW-Authenticate': LACKS },
  429: { 'Retry-After': { description: 'How many seconds to wait', schema: { type: 'integer' } } },
};

function headersOf(status: number) {
  const headers = HEADERS[status];
  return headers === undefined ? {} : { headers: { ...headers } };
}

/** What any route can answer, open or not, before it has a look at the request. */
export const BOUNDS = ['uri_too_long', 'headers_too_large'] as const;

/** What every route that is not open can answer before it has a look at the request. */
export const BEFORE_THE_ROUTE = [
  ...BOUNDS,
  'not_configured',
  'rate_limited',
  'missing_credential',
  'malformed_credential',
  'invalid_credential',
] as const;

const EVERY_ROUTE = [
  'unknown_parameter',
  ...BEFORE_THE_ROUTE,
  'project_forbidden',
  'database_unavailable',
  'authentication_unavailable',
] as const;

/** What every route that reads can answer. */
export const COMMON = [...EVERY_ROUTE, 'lacks_read'] as const;
/** What every route for administrators can answer. */
export const COMMON_FOR_ADMIN = [...EVERY_ROUTE, 'lacks_admin'] as const;
/** What every route with a body, which is every one that writes, can answer. */
export const COMMON_WITH_BODY = [
  ...EVERY_ROUTE,
  'lacks_write',
  'malformed_json',
  'invalid_body',
  'payload_too_large',
  'unsupported_media_type',
  'idempotency_key_reused',
  'outcome_unknown',
] as const;
/** What every route that needs the token of a claim can answer on top. */
export const ABOUT_CLAIM = ['task_not_found', 'ambiguous_task', 'claimed_by_other', 'claim_lost'] as const;
