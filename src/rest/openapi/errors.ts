import { z } from '@hono/zod-openapi';
import {
  CODE_OF,
  ERRORS,
  type ErrorCode,
  type ErrorForm,
  type ErrorStatus,
  exampleRefusal,
  remedyOf,
} from '../../domain/errors/index.ts';
import { inVocabulary } from '../../domain/words.ts';
import { errorBody } from '../../http/error-answers.ts';
import { isWrite, type Operation } from '../../operations/define-operation.ts';
import { partsOf } from '../parts.ts';
import type { Row } from '../row.ts';
import { REST_VOCABULARY } from '../vocabulary.ts';

// The keys of the catalog are exactly the codes.
const CODES = Object.keys(ERRORS) as ErrorCode[];

export const errorAnswer = z
  .strictObject({
    success: z.literal(false),
    error: z.string().openapi({ description: 'States what is wrong and what to do about it' }),
    code: z.enum(CODES),
    request_id: z.string(),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'What the caller can act on' }),
  })
  .openapi('ErrorAnswer');

const DESCRIPTIONS: Readonly<Record<ErrorStatus, string>> = {
  400: 'The request is invalid',
  401: 'The credential is missing, malformed or unknown',
  403: 'The credential lacks the scope, or access to the project',
  404: 'There is no such task',
  405: 'The path does not have that method',
  409: 'The request conflicts with what is stored',
  410: 'The log no longer has what came after that position',
  412: 'The revision is another',
  413: 'The body is too large',
  414: 'The URL is too long',
  415: 'The body is not JSON, not in UTF-8, or has a content coding',
  422: 'The Idempotency-Key belongs to another request',
  429: 'Too many requests; see the header Retry-After',
  431: 'The request has too many or too large header fields',
  500: 'The service or its database failed',
  503: 'The service cannot check the credential at the moment',
};

/** Refusals on any route before it sees the request. */
export const BOUNDS: readonly ErrorForm[] = ['invalid_host', 'uri_too_long', 'headers_too_large'];

/** Refusals on every route that needs a credential, before it sees the request. */
export const BEFORE_THE_ROUTE: readonly ErrorForm[] = [
  ...BOUNDS,
  'not_configured',
  'rate_limited',
  'missing_credential',
  'malformed_credential',
  'invalid_credential',
];

const WITH_BODY: readonly ErrorForm[] = [
  'malformed_json',
  'invalid_body',
  'repeated_field',
  'payload_too_large',
  'unsupported_media_type',
  'unsupported_charset',
  'unsupported_content_coding',
  'idempotency_key_reused',
];

/** How a row can refuse: through its operation, its parts and its credential. */
export function errorsOf(row: Row, operation: Operation): ErrorForm[] {
  const { inQuery, inBody } = partsOf(row, operation);
  const needsProject = inQuery.includes('project') && inBody.length === 0;
  const namesProjects = row.query !== 'ignored';
  return [
    ...(needsProject ? (['missing_project'] as const) : []),
    ...operation.errors,
    ...BEFORE_THE_ROUTE,
    'database_unavailable',
    'authentication_unavailable',
    ...(namesProjects ? (['unknown_parameter', 'project_forbidden'] as const) : []),
    `lacks_${operation.scope}`,
    ...(row.names.body === undefined ? [] : WITH_BODY),
    ...(isWrite(operation) ? (['outcome_unknown'] as const) : []),
  ];
}

/** The error answers of a route, by status. */
export function errorAnswers(forms: readonly ErrorForm[]) {
  const statuses = new Set(forms.map((name) => ERRORS[CODE_OF[name]].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      answerOf(
        DESCRIPTIONS[status],
        forms.filter((name) => ERRORS[CODE_OF[name]].status === status),
      ),
    ]),
  );
}

function answerOf(description: string, forms: readonly ErrorForm[]) {
  const examples = Object.fromEntries(forms.map((name) => [name, { value: exampleAnswer(name) }]));
  return { description, content: { 'application/json': { schema: errorAnswer, examples } } };
}

/** The answer that the documentation shows for a form. */
export function exampleAnswer(name: ErrorForm) {
  return errorBody(exampleRefusal(name), REST_VOCABULARY, '0b0f5f6e-6a9e-4c52-9d63-0a4d6c9f2a11');
}

/** The documented remedy of a form, in lower case. */
export function exampleRemedy(name: ErrorForm): string {
  const remedy = inVocabulary(remedyOf(name), REST_VOCABULARY);
  return remedy.charAt(0).toLowerCase() + remedy.slice(1);
}
