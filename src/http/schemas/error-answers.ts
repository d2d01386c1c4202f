import { type ErrorCode, STATUS_OF } from '../errors.ts';
import { errorAnswer } from './answers.ts';
import { EXAMPLES, type ExampleName, exampleOf } from './error-examples.ts';

const DESCRIPTIONS: Readonly<Record<(typeof STATUS_OF)[ErrorCode], string>> = {
  400: 'The request is at fault',
  401: 'The credential is missing, malformed or not known',
  403: 'The credential does not cover that',
  404: 'There is no such task',
  405: 'That method is not allowed here',
  409: 'What is stored stands in the way',
  413: 'The body is too large',
  414: 'The URL is too long',
  415: 'The body is not JSON, or is in another charset than UTF-8 or in a content coding',
  422: 'The idempotency key stands for another request',
  429: 'Too many requests; see the header Retry-After',
  431: 'The header fields are too many or too large',
  500: 'The service is at fault',
  503: 'Who is asking cannot be told at the moment',
};

/** The error answers of a route, by status, for its OpenAPI description. */
export function errorAnswers(...names: ExampleName[]) {
  const answers: Record<string, ReturnType<typeof errorAnswerOf>> = {};
  for (const status of new Set(names.map((name) => STATUS_OF[EXAMPLES[name].code]))) {
    const ofStatus = names.filter((name) => STATUS_OF[EXAMPLES[name].code] === status);
    answers[status] = errorAnswerOf(DESCRIPTIONS[status], ofStatus);
  }
  return answers;
}

function errorAnswerOf(description: string, names: readonly ExampleName[]) {
  const examples = Object.fromEntries(names.map((name) => [name, exampleOf(EXAMPLES[name])]));
  return { description, content: { 'application/json': { schema: errorAnswer, examples } } };
}

/** What any route can answer, open or not, before it has a look at the request. */
export const BOUNDS = ['invalid_host', 'uri_too_long', 'headers_too_large'] as const;

/** What every route that is not open can answer before it has a look at the request. */
export const BEFORE_THE_ROUTE = [
  ...BOUNDS,
  'not_configured',
  'rate_limited',
  'missing_credential',
  'malformed_credential',
  'invalid_credential',
] as const;

const WITH_DATABASE = [...BEFORE_THE_ROUTE, 'database_unavailable', 'authentication_unavailable'] as const;

const EVERY_ROUTE = [...WITH_DATABASE, 'unknown_parameter', 'project_forbidden'] as const;

/** What every route that reads can answer. */
export const COMMON = [...EVERY_ROUTE, 'lacks_read'] as const;
/** What every route for administrators can answer. */
export const COMMON_FOR_ADMIN = [...EVERY_ROUTE, 'lacks_admin'] as const;
/** What GET /metrics can answer, which takes any query and names no project. */
export const COMMON_FOR_METRICS = [...WITH_DATABASE, 'lacks_admin'] as const;
/** What every route with a body, which is every one that writes, can answer. */
export const COMMON_WITH_BODY = [
  ...EVERY_ROUTE,
  'lacks_write',
  'malformed_json',
  'invalid_body',
  'repeated_field',
  'payload_too_large',
  'unsupported_media_type',
  'unsupported_charset',
  'unsupported_content_coding',
  'idempotency_key_reused',
  'outcome_unknown',
] as const;
/** What every route that needs the token of a claim can answer on top. */
export const ABOUT_CLAIM = ['task_not_found', 'ambiguous_task', 'claimed_by_other', 'claim_lost'] as const;
