import fc, { type Arbitrary } from 'fast-check';
import { EVERY_REQUEST, type ExampleRequest } from '../support/requests.ts';
import { type Body, bodiesFor, strayBodies } from './bodies.ts';
import { type OpenApiDocument, type Operation, operationsOf, type Parameter } from './document.ts';
import { parameterText } from './json.ts';
import { CONTENT_TYPES, METHODS, ODD_ENCODINGS, ODD_HEADERS, ODD_METHODS, ODD_TEXTS } from './oddities.ts';
import { type Values, valuesOf } from './values.ts';

/** A request as it is going to be sent. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, percent-encoded or meant not to be. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Body | undefined;
}

type Pair = readonly [name: string, value: string];

const MANY_PARAMETERS = 1_000;
const IDEMPOTENCY_KEY = 'idempotency-key';
const KEYS = ['key-1', 'key-2'];
const JSON_HEADER: Pair = ['content-type', 'application/json'];

/** Generates requests for every operation of the document, and for none; valid, odd, or both in parts. */
export function requestsFrom(document: OpenApiDocument): Arbitrary<FuzzRequest> {
  const values = valuesOf(document);
  const operations = operationsOf(document);
  const toOperations = operations.map((operation) => ({
    arbitrary: requestFor(operation, values),
    weight: 4,
  }));
  const examples = {
    arbitrary: fc.constantFrom(...EVERY_REQUEST.filter(leadsSomewhere).map(exampleRequest)),
    weight: operations.length,
  };
  const paths = ['/openapi.json', ...operations.map(({ path }) => path)];
  return fc.oneof(...toOperations, examples, { arbitrary: strayRequests(paths), weight: 2 });
}

/** An export that goes on from the log of the examples, which is another one, breaks off. */
const leadsSomewhere = ({ path }: ExampleRequest) => !path.includes('cursor=');

/** An example, which chance alone makes only now and then of its parts. */
function exampleRequest({ method, path, body }: ExampleRequest): FuzzRequest {
  const headers = body === undefined ? [] : [JSON_HEADER];
  return { method, target: path, headers, body: body && { text: JSON.stringify(body) } };
}

/** Mostly the first; one time in `oneIn` the second. */
function mostly<T>(usual: Arbitrary<T>, odd: Arbitrary<T>, oneIn: number): Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight: oneIn - 1 }, { arbitrary: odd, weight: 1 });
}

function requestFor(operation: Operation, values: Values): Arbitrary<FuzzRequest> {
  const usualBody = operation.body === undefined ? fc.constant(undefined) : bodiesFor(operation.body, values);
  const usualHeaders = headersOf(operation);
  return fc
    .record({
      method: mostly(fc.constant(operation.method), fc.constantFrom(...ODD_METHODS), 16),
      path: mostly(pathsOf(operation, values), oddPathsOf(operation, values), 8),
      query: mostly(queriesOf(operation, values), oddQueriesOf(operation, values), 4),
      headers: mostly(usualHeaders, oddHeaders, 6),
      body: mostly<Body | undefined>(usualBody, strayBodies, 8),
    })
    .map(({ method, path, query, headers, body }) => ({
      method,
      target: query === '' ? path : `${path}?${query}`,
      headers,
      body,
    }));
}

/** Requests for paths that nearly are documented, or are not at all. */
function strayRequests(paths: readonly string[]): Arbitrary<FuzzRequest> {
  const path = fc.oneof(
    fc.constantFrom(...paths),
    fc.constantFrom(...paths).chain(misshapen),
    fc.array(segment).map((segments) => `/${segments.join('/')}`),
  );
  const query = mostly(
    fc.constant(''),
    rawPair.map((pair) => `?${pair}`),
    3,
  );
  return fc.record({
    method: mostly(fc.constantFrom(...METHODS), fc.constantFrom(...ODD_METHODS), 4),
    target: fc.tuple(path, query).map((parts) => parts.join('')),
    headers: mostly(fc.constant<Pair[]>([JSON_HEADER]), oddHeaders, 2),
    body: mostly<Body | undefined>(fc.constant(undefined), strayBodies, 2),
  });
}

const encoded: Arbitrary<string> = fc
  .oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary' }))
  .map(encode);
const segment: Arbitrary<string> = fc.oneof(encoded, fc.constantFrom(...ODD_ENCODINGS));
const rawPair: Arbitrary<string> = fc.tuple(segment, segment).map((pair) => pair.join('='));

const oddHeaders: Arbitrary<Pair[]> = fc.oneof(
  fc.constant<Pair[]>([]),
  fc.constantFrom(...CONTENT_TYPES).map((type): Pair[] => [['content-type', type]]),
  fc
    .array(fc.constantFrom(...ODD_HEADERS), { minLength: 1, maxLength: 4 })
    .map((headers) => [JSON_HEADER, ...headers]),
);

/** With a body its type, and now and then a key that other requests use as well. */
function headersOf(operation: Operation): Arbitrary<Pair[]> {
  const usual: Pair[] = operation.body === undefined ? [] : [JSON_HEADER];
  const takesKey = operation.parameters.some(({ name }) => name === IDEMPOTENCY_KEY);
  if (!takesKey) return fc.constant(usual);
  const keyed = fc.constantFrom(...KEYS).map((key): Pair[] => [...usual, [IDEMPOTENCY_KEY, key]]);
  return mostly(fc.constant(usual), keyed, 3);
}

/** A lone surrogate has no UTF-8, so it is sent as what three bytes would say of it. */
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}

function pathsOf(operation: Operation, values: Values, spoilt?: string): Arbitrary<string> {
  const segments = operation.path.split('/').map((part) => {
    const parameter = operation.parameters.find(({ name }) => part === `{${name}}`);
    if (parameter === undefined) return fc.constant(part);
    if (parameter.name !== spoilt) return values.valid(parameter.schema, parameter.name).map(toEncoded);
    return fc.oneof(values.odd(parameter.schema, parameter.name).map(toEncoded), segment);
  });
  return fc.tuple(...segments).map((parts) => parts.join('/'));
}

function toEncoded(json: Parameters<typeof parameterText>[0]): string {
  return encode(parameterText(json));
}

function oddPathsOf(operation: Operation, values: Values): Arbitrary<string> {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const spoilt = inPath.map(({ name }) => pathsOf(operation, values, name));
  return fc.oneof(...spoilt, pathsOf(operation, values).chain(misshapen));
}

function misshapen(path: string): Arbitrary<string> {
  const shapes = [
    `${path}/`,
    `/${path}`,
    path.replaceAll('/', '//'),
    path.toUpperCase(),
    path.slice(0, -1) || '/',
    path.slice(0, path.lastIndexOf('/')) || '/',
    path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    path.replaceAll('/', '%2F').replace('%2F', '/'),
    `/x/..${path}`,
    `/.${path}`,
    `${path}.json`,
    `${path}#fragment`,
    `${path}??`,
  ];
  return fc.oneof(
    fc.constantFrom(...shapes),
    segment.map((more) => `${path}/${more}`),
    segment.map((more) => path + more),
  );
}

function queryParametersOf(operation: Operation): Parameter[] {
  return operation.parameters.filter((parameter) => parameter.in === 'query');
}

function pairOf({ name, schema }: Parameter, values: Values): Arbitrary<string> {
  return values.valid(schema, name).map((value) => `${name}=${toEncoded(value)}`);
}

function oddPairOf({ name, schema }: Parameter, values: Values): Arbitrary<string> {
  const value = fc.oneof(values.odd(schema, name).map(toEncoded), fc.constantFrom(...ODD_ENCODINGS));
  return value.map((text) => `${name}=${text}`);
}

function queriesOf(operation: Operation, values: Values): Arbitrary<string> {
  const pairs = queryParametersOf(operation).map((parameter) => {
    const pair = pairOf(parameter, values).map((text) => [text]);
    return parameter.required === true ? pair : fc.oneof(fc.constant<string[]>([]), pair);
  });
  return fc.tuple(...pairs).map((parts) => parts.flat().join('&'));
}

function oddQueriesOf(operation: Operation, values: Values): Arbitrary<string> {
  const usual = queriesOf(operation, values);
  const parameters = queryParametersOf(operation);
  const extended = (more: Arbitrary<string>) => fc.tuple(usual, more).map((parts) => parts.join('&'));
  const wrong = parameters.map((parameter) => {
    const others = { ...operation, parameters: operation.parameters.filter((other) => other !== parameter) };
    return fc.tuple(queriesOf(others, values), oddPairOf(parameter, values)).map((parts) => parts.join('&'));
  });
  const lacking = parameters.map((parameter) =>
    queriesOf({ ...operation, parameters: parameters.filter((other) => other !== parameter) }, values),
  );
  const twice = parameters.map((parameter) => extended(pairOf(parameter, values)));
  const many = Array.from({ length: MANY_PARAMETERS }, (_, index) => `p${index}=${index}`).join('&');
  const forms = parameters.map(({ name }) =>
    fc.constantFrom(name, `${name}=`, `${name}[]=x`, `${name}[a]=x`, `=${name}`),
  );
  return fc.oneof(
    ...wrong.map((arbitrary) => ({ arbitrary, weight: 3 })),
    ...[...lacking, ...twice, ...forms, ...forms.map(extended)].map((arbitrary) => ({
      arbitrary,
      weight: 1,
    })),
    { arbitrary: extended(rawPair), weight: 3 },
    { arbitrary: extended(fc.constantFrom('&', '&&=', '=', 'x', '?', '#')), weight: 1 },
    { arbitrary: extended(fc.constant(many)), weight: 1 },
  );
}
