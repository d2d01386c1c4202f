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
}

/** What any path may be answered, listed for its operation or not. */
const FOR_ANY_PATH: ReadonlyMap<number, string> = new Map([
  [404, 'route_not_found'],
  [405, 'method_not_allowed'],
  [414, 'uri_too_long'],
  [431, 'headers_too_large'],
]);
const WITHOUT_BODY = new Set([204, 304]);
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const DOCUMENT_PATH = '/openapi.json';

/** Makes a judge of a document; throws where its schemas are none. */
export function judgeBy(document: OpenApiDocument): Judge {
  const operations = operationsOf(document);
  const validators = new Map<Schema, ValidateFunction>();
  const ajv = new Ajv2020({ strictTypes: false, allErrors: false });
  ajv.addVocabulary(['example', 'components']);
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
      const { status, headers, text } = answer;
      if (status >= 500) return `status ${status}`;
      if (request.method.toUpperCase() === 'HEAD' || WITHOUT_BODY.has(status)) {
        return text === '' ? undefined : `an answer ${status} that must have no body has one`;
      }
      const type = headers.get('content-type') ?? 'none';
      const texts = operationOf(request)?.texts;
      if (type.startsWith('text/plain') && texts?.has(status)) return undefined;
      if (!type.startsWith('application/json')) return `the answer is of type ${type}`;
      return problemWithBody(request, answer);
    },
  };
}

function isForAnyPath(status: number, code: unknown): boolean {
  return code !== undefined && FOR_ANY_PATH.get(status) === code;
}

function codeIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}

/** The path of a target as a router sees it: without what URLs normalise away, and decoded where that is possible. */
function pathOf(target: string): string {
  const { pathname } = new URL(`http://service.test${target}`);
  return pathname.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURI(encoded);
    } catch {
      return encoded;
    }
  });
}
