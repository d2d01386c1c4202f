import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { bytesOf } from './bodies.ts';
import { type OpenApiDocument, type Operation, operationFor, operationsOf, type Schema } from './document.ts';
import { parse } from './json.ts';
import type { FuzzRequest } from './requests.ts';

/** An answer, read to its end. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Judges answers by a document. */
export interface Judge {
  /** The documented operation that a request is for. */
  operationOf(request: FuzzRequest): Operation | undefined;
  /** What is wrong with an answer; undefined when nothing is. */
  problemWith(request: FuzzRequest, answer: FuzzAnswer): string | undefined;
  /** The same for an answer to what may have been read as any request of that method. */
  problemWithAny(method: string, answer: FuzzAnswer): string | undefined;
}

/** What any path may be answered, listed for its operation or not. */
const FOR_ANY_PATH: ReadonlyMap<number, string> = new Map([
  // Where the host is none.
  [400, 'validation_error'],
  [404, 'route_not_found'],
  [405, 'method_not_allowed'],
  [414, 'uri_too_long'],
  [431, 'headers_too_large'],
]);
const WITHOUT_BODY = new Set([204, 304]);
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const DOCUMENT_PATH = '/openapi.json';

/** Makes a judge of a document; throws where its schemas are none. How a router finds the path depends on the door. */
export function judgeBy(document: OpenApiDocument, pathOf = normalizedPathOf): Judge {
  const operations = operationsOf(document);
  const validators = new Map<Schema, ValidateFunction>();
  const ajv = new Ajv2020({ strictTypes: false, allErrors: false });
  ajv.addVocabulary(['example', 'components']);
  ajv.addFormat('int64', true);
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('date-time', (text: string) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)));

  const mismatch = (schema: Schema, value: unknown): string | undefined => {
    const validate = validators.get(schema) ?? ajv.compile({ ...schema, components: document.components });
    validators.set(schema, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'the answer' });
  };
  const errorAnswer: Schema = { $ref: '#/components/schemas/ErrorAnswer' };
  const operationOf = ({ method, target }: FuzzRequest) =>
    operationFor(operations, method.toUpperCase(), pathOf(target));

  function problemWithBody(request: FuzzRequest, answer: FuzzAnswer): string | undefined {
    const body = parse(answer.text);
    if (body === undefined) return 'the answer is not JSON';
    const operation = operationOf(request);
    const documented = operation?.answers.get(answer.status);
    const code = codeIn(body);
    if (documented !== undefined && (answer.status < 400 || !isForAnyPath(answer.status, code))) {
      return mismatch(documented, body) ?? problemWithSuccess(request, operation, answer.status);
    }
    if (isForAnyPath(answer.status, code)) return mismatch(errorAnswer, body);
    if (pathOf(request.target) === DOCUMENT_PATH && answer.status === 200) return undefined;
    return `the document lists no answer ${answer.status} (${code}) for that request`;
  }

  function problemWithSuccess(request: FuzzRequest, operation: Operation | undefined, status: number) {
    const schema = operation?.body;
    if (schema === undefined || status >= 400) return undefined;
    const sent = parse(new TextDecoder().decode(bytesOf(request.body ?? { text: '' })));
    const problem = mismatch(schema, sent);
    return problem && `the body was accepted, which its schema forbids: ${problem}`;
  }

  return {
    operationOf,
    problemWith(request, answer) {
      const { status, headers } = answer;
      if (status >= 500) return `status ${status}`;
      if (hasNoBody(request.method, status)) return problemWithNoBody(answer);
      if (isText(headers) && operationOf(request)?.texts.has(status)) return undefined;
      return problemWithType(headers) ?? problemWithBody(request, answer);
    },
    problemWithAny(method, answer) {
      const { status, headers, text } = answer;
      if (status >= 500) return `status ${status}`;
      if (hasNoBody(method, status)) return problemWithNoBody(answer);
      if (isText(headers) && operations.some(({ texts }) => texts.has(status))) return undefined;
      const problem = problemWithType(headers);
      return problem ?? (status < 400 ? undefined : mismatch(errorAnswer, parse(text)));
    },
  };
}

/** RFC 9110, sections 9.3.2 and 15. */
function hasNoBody(method: string, status: number): boolean {
  return method.toUpperCase() === 'HEAD' || WITHOUT_BODY.has(status);
}

function problemWithNoBody({ status, text }: FuzzAnswer): string | undefined {
  return text === '' ? undefined : `an answer ${status} that must have no body has one`;
}

function isText(headers: Headers): boolean {
  const type = headers.get('content-type') ?? '';
  return type.startsWith('text/plain') || type === 'application/x-ndjson';
}

function problemWithType(headers: Headers): string | undefined {
  const type = headers.get('content-type') ?? 'none';
  return type.startsWith('application/json') ? undefined : `the answer is of type ${type}`;
}

function isForAnyPath(status: number, code: unknown): boolean {
  return code !== undefined && FOR_ANY_PATH.get(status) === code;
}

function codeIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}

/** The path of a target as a router sees it behind fetch: without what URLs normalise away. */
function normalizedPathOf(target: string): string {
  return decodedPath(new URL(`http://service.test${target}`).pathname);
}

/** The path of a target as a router sees it that gets what was sent. */
export function sentPathOf(target: string): string {
  return decodedPath(target.split(/[?#]/)[0] ?? '');
}

/** Decodes where that is possible. */
function decodedPath(path: string): string {
  return path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURI(encoded);
    } catch {
      return encoded;
    }
  });
}
