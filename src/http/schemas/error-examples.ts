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
  type HttpError,
  headersTooLarge,
  invalidCredential,
  invalidHost,
  malformedCredential,
  malformedJson,
  missingCredential,
  payloadTooLarge,
  rateLimited,
  unsupportedCharset,
  unsupportedContentCoding,
  unsupportedMediaType,
  uriTooLong,
  validationError,
} from '../errors.ts';
import type { Place } from '../json-structure.ts';
import {
  BODY_LIMIT_BYTES,
  HEADER_LIMIT,
  HEADERS_LIMIT_BYTES,
  RATE_LIMIT_PERIODS,
  URL_LIMIT_BYTES,
} from '../limits.ts';
import { EXAMPLE_CLAIM } from './examples.ts';
import { STATUS_FORM } from './fields.ts';
import { describeIssues, describeRepeated } from './validation.ts';
import { MISSING } from './wording.ts';

const EXAMPLE_HOLDER = { agentId: 'agent-7', leaseExpiresAt: new Date(EXAMPLE_CLAIM.lease_expires_at) };

/** An error of each kind that a route can answer with, made by the code that makes the real one. */
export const EXAMPLES = {
  missing_project: invalid('parameter', {
    path: ['project'],
    message: MISSING,
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
  repeated_field: repeatedField(['tasks', 0, 'priority']),
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
  invalid_host: invalidHost(),
  headers_too_large: headersTooLarge(HEADER_LIMIT, HEADERS_LIMIT_BYTES),
  payload_too_large: payloadTooLarge(BODY_LIMIT_BYTES),
  unsupported_media_type: unsupportedMediaType(),
  unsupported_charset: unsupportedCharset('latin1'),
  unsupported_content_coding: unsupportedContentCoding(['gzip']),
  idempotency_key_reused: idempotencyKeyReused(),
  not_configured: notConfigured('DATABASE_DRIVER is neon: set the secret DATABASE_URL'),
  database_unavailable: databaseUnavailable(undefined),
  outcome_unknown: outcomeUnknown(undefined),
} satisfies Record<string, DomainError | HttpError>;

export type ExampleName = keyof typeof EXAMPLES;

function repeatedField(place: Place): HttpError {
  const { sentence, details } = describeRepeated([place], 1);
  return validationError(sentence, details);
}

function invalid(
  noun: 'field' | 'parameter',
  issue: { path: string[]; keys?: string[]; message: string },
): HttpError {
  const { sentence, details } = describeIssues([issue], noun);
  return validationError(sentence, details);
}

/** The answer that the description shows for an error. */
export function exampleOf({ code, message, details }: DomainError | HttpError) {
  const request_id = '0b0f5f6e-6a9e-4c52-9d63-0a4d6c9f2a11';
  const value = { success: false, error: message, code, request_id };
  return { value: details === undefined ? value : { ...value, details } };
}
