import { type Code, type ErrorDetails, form, type NoFacts } from './form.ts';

export interface Problems {
  readonly sentence: string;
  readonly problems: readonly ErrorDetails[];
}

const problem = (noun: string, name: string, sentence: string): Problems => ({
  sentence,
  problems: [{ [noun]: name, problem: sentence }],
});

/** The sentence, remedy included, is made where the request is judged. */
const invalid = (example: Problems) =>
  form<Problems>({
    fact: ({ sentence }) => sentence,
    remedy: 'Correct what problems lists, one by one',
    isFixed: true,
    isComplete: true,
    details: ({ problems }) => ({ problems }),
    example,
  });

export const REQUEST_ERRORS = {
  malformed_json: {
    status: 400,
    meaning: 'The body is not JSON in UTF-8, or did not arrive whole',
    forms: {
      malformed_json: form<NoFacts>({
        fact: 'The request body is not valid JSON in UTF-8',
        remedy: 'Send one JSON object',
        example: {},
      }),
      incomplete_body: form<NoFacts>({
        fact: 'The request body did not arrive whole',
        remedy: 'Send it again',
        example: {},
      }),
    },
  },
  validation_error: {
    status: 400,
    meaning:
      'A field, a parameter or the header Host is missing, unknown, malformed or given twice, or a batch has a task twice',
    forms: {
      missing_project: invalid(problem('parameter', 'project', 'Missing required parameter: project')),
      unknown_parameter: invalid(
        problem(
          'parameter',
          'projct',
          'Unknown parameter: projct. Known parameters: project, status, wait_seconds',
        ),
      ),
      invalid_body: invalid(
        problem(
          'field',
          'status',
          'Invalid field status: must be one of pending, in_progress, completed, failed, cancelled',
        ),
      ),
      duplicate_ids: invalid(
        problem(
          'field',
          'tasks',
          'Duplicate task ids in one batch: TASK-046. Give each task an id of its own',
        ),
      ),
      repeated_field: invalid(
        problem('field', 'tasks[0].priority', 'Field tasks[0].priority is given twice: give it once'),
      ),
      invalid_host: invalid(
        problem('header', 'host', 'The header Host is no host name. Send the name and port of the service'),
      ),
    },
  },
  route_not_found: {
    status: 404,
    meaning: 'There is no such path',
    forms: {
      route_not_found: form<{ method: string; path: string }>({
        fact: ({ method, path }) => `No such route: ${method} ${path}`,
        remedy: 'GET /openapi.json lists the routes',
        example: { method: 'GET', path: '/task' },
      }),
    },
  },
  method_not_allowed: {
    status: 405,
    meaning: 'The path has other methods; the header Allow lists them',
    forms: {
      method_not_allowed: form<{ method: string; path: string; allowed: readonly string[] }>({
        fact: ({ method, path }) => `${method} is not allowed on ${path}`,
        remedy: ({ allowed }) => `Use ${allowed.filter((other) => other !== 'OPTIONS').join(' or ')}`,
        details: ({ allowed }) => ({ allowed }),
        example: { method: 'PATCH', path: '/tasks', allowed: ['GET', 'HEAD', 'OPTIONS'] },
      }),
    },
  },
  payload_too_large: {
    status: 413,
    meaning: 'The body is over 1 MiB',
    forms: {
      payload_too_large: form<{ limit_bytes: number }>({
        fact: ({ limit_bytes }) => `The request body is larger than ${limit_bytes} bytes`,
        remedy: 'Send smaller batches',
        details: (facts) => facts,
        example: { limit_bytes: 1_048_576 },
      }),
    },
  },
  uri_too_long: {
    status: 414,
    meaning: 'The URL is over 8,000 bytes',
    forms: {
      uri_too_long: form<{ limit_bytes: number }>({
        fact: ({ limit_bytes }) => `The URL is longer than ${limit_bytes} bytes`,
        remedy: 'Send fewer or shorter parameters',
        details: (facts) => facts,
        example: { limit_bytes: 8_000 },
      }),
    },
  },
  unsupported_media_type: {
    status: 415,
    meaning:
      'The body is not application/json, its charset is not UTF-8, or it has a content coding such as gzip. For a coding, the answer has Accept-Encoding: identity',
    forms: {
      unsupported_media_type: form<NoFacts>({
        fact: 'The request body must be JSON',
        remedy: 'Send the header Content-Type: application/json',
        example: {},
      }),
      unsupported_charset: form<{ charset: string }>({
        fact: ({ charset }) => `The charset of the request body is ${charset}`,
        remedy: 'Send it in UTF-8, with the header Content-Type: application/json',
        example: { charset: 'latin1' },
      }),
      unsupported_content_coding: form<{ codings: readonly string[] }>({
        fact: ({ codings }) => `The content coding of the request body is ${codings.join(', ')}`,
        remedy: 'Send it as it is, without the header Content-Encoding',
        example: { codings: ['gzip'] },
      }),
    },
  },
  rate_limited: {
    status: 429,
    meaning:
      'The credential sent too many requests, has too many waiting ones, or the client failed to authenticate too often; the header Retry-After says how long to wait',
    forms: {
      rate_limited: form<{ retry_after_seconds: number }>({
        fact: 'Too many requests',
        remedy: ({ retry_after_seconds }) => `Wait ${retry_after_seconds} seconds before the next one`,
        details: (facts) => facts,
        example: { retry_after_seconds: 10 },
      }),
      too_many_waits: form<{ limit: number; retry_after_seconds: number }>({
        fact: ({ limit }) => `${limit} requests of this credential are waiting already`,
        remedy: 'Ask without waiting, or again when one of them has ended',
        details: (facts) => facts,
        example: { limit: 250, retry_after_seconds: 1 },
      }),
    },
  },
  headers_too_large: {
    status: 431,
    meaning: 'The request has over 100 header fields, or over 16 KiB of them',
    forms: {
      headers_too_large: form<{ limit: number; limit_bytes: number }>({
        fact: ({ limit, limit_bytes }) =>
          `The request has more than ${limit} header fields, or more than ${limit_bytes} bytes of them`,
        remedy: 'Send fewer or shorter ones',
        details: (facts) => facts,
        example: { limit: 100, limit_bytes: 16_384 },
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
