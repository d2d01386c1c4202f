import { beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/rest/routes.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { keysFor } from '../support/credentials.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | string[];
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: string[];
  readonly items?: Schema;
}

interface Operation {
  readonly parameters?: { name: string; schema: Schema }[];
  readonly requestBody?: { content: { 'application/json': { schema: Schema } } };
  readonly responses: Record<string, { headers: Record<string, { $ref: string }> }>;
}

interface Document {
  readonly info: { description: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema>; headers: Record<string, { required?: boolean }> };
}

let document: Document;

beforeAll(async () => {
  // The shape that OpenAPI 3.1 prescribes; a test that expects more fails on its value.
  document = (await (await appUnderTest().send('/openapi.json')).json()) as Document;
});

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined
    ? schema
    : (document.components.schemas[schema.$ref.replace('#/components/schemas/', '')] ?? {});

/** The fields of a body, those of the objects in it included. */
function fieldsOf(schema: Schema): [name: string, field: Schema, isRequired: boolean][] {
  const { properties = {}, required = [] } = resolved(schema);
  return Object.entries(properties).flatMap(([name, field]) => [
    [name, field, required.includes(name)] as [string, Schema, boolean],
    ...(field.items === undefined ? [] : fieldsOf(field.items)),
  ]);
}

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));
const bodyFields = () =>
  operations().flatMap(({ requestBody }) =>
    requestBody === undefined ? [] : fieldsOf(requestBody.content['application/json'].schema),
  );

describe('the types that a generator makes of the description', () => {
  it('a field that a body may leave out is optional, and the description tells its default', () => {
    expect(bodyFields().length).toBeGreaterThan(20);
    for (const [name, field, isRequired] of bodyFields()) {
      expect({ name, default: field.default }).toEqual({ name, default: undefined });
      if (!isRequired)
        expect([name, field.description]).toEqual([name, expect.stringMatching(/Default: \S/)]);
    }
  });

  it('the parameters of a query have their defaults', () => {
    const parameters = operations().flatMap((operation) => operation.parameters ?? []);
    const defaults = parameters.filter(({ schema }) => schema.default !== undefined);
    expect(defaults.map(({ name, schema }) => [name, schema.default])).toEqual([
      ['status', 'pending'],
      ['wait_seconds', 0],
      ['total', false],
      ['limit', 1000],
      ['purge', false],
      ['limit', 100],
      ['depth', 2],
      ['days', 14],
      ['order', 'newest'],
      ['limit', 1000],
      ['limit', 1000],
      ['wait_seconds', 0],
    ]);
  });
});

const { keys, access } = keysFor({ writer: { projects: '*', scopes: ['read', 'write'] } });
const closed = appUnderTest({ access });
const limited = appUnderTest({ rateLimiters: { credential: () => Promise.resolve(false) } });
const open = appUnderTest();
const long = 'x'.repeat(9_000);
const json = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
});

/** An answer of each status that comes without a database, by the path that documents it. */
const ANSWERS: [status: number, path: string, app: AppUnderTest, target: string, init?: RequestInit][] = [
  [200, '/health', open, '/health'],
  [400, '/tasks', open, '/tasks'],
  [401, '/tasks', closed, '/tasks?project=p'],
  [403, '/metrics', closed, '/metrics', { headers: { authorization: `Bearer ${keys.writer}` } }],
  [413, '/tasks/batch', open, '/tasks/batch', json(' '.repeat(2 ** 20 + 1))],
  [414, '/tasks', open, `/tasks?project=${long}`],
  [415, '/tasks/batch', open, '/tasks/batch', json('{}', { 'content-encoding': 'gzip' })],
  [429, '/tasks', limited, '/tasks?project=p'],
  [431, '/tasks', open, '/tasks', { headers: { a: long, b: long } }],
  [500, '/tasks', open, '/tasks?project=p'],
  [503, '/ready', open, '/ready'],
];
/** Those that HTTP itself describes. */
const OF_HTTP = ['content-type', 'content-length', 'date'];

describe('the headers of an answer', () => {
  it.each(ANSWERS)('the headers of %i of %s are described', async (status, path, app, target, init) => {
    const response = await app.send(target, init);
    expect(response.status).toBe(status);
    const method = init?.method?.toLowerCase() ?? 'get';
    const described = Object.keys(document.paths[path]?.[method]?.responses[status]?.headers ?? {});
    const names = [...response.headers.keys()].filter((name) => !OF_HTTP.includes(name));
    expect(described.map((name) => name.toLowerCase())).toEqual(expect.arrayContaining(names));
    const required = described.filter((name) => document.components.headers[name]?.required);
    expect(names).toEqual(expect.arrayContaining(required.map((name) => name.toLowerCase())));
    expect(required.length).toBeGreaterThanOrEqual(5);
  });

  it('each header is described once, and every answer refers to it', () => {
    const referred = operations().flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ headers }) => Object.entries(headers)),
    );
    for (const [name, { $ref }] of referred) expect($ref).toBe(`#/components/headers/${name}`);
    expect([...new Set(referred.map(([name]) => name))].sort()).toEqual(
      Object.keys(document.components.headers).sort(),
    );
  });

  it('answers that may be replayed have the header Idempotency-Replayed', () => {
    const replayed = operations().map(({ parameters = [], responses }) => ({
      takesKey: parameters.some(({ name }) => name === 'idempotency-key'),
      on: Object.keys(responses).filter(
        (status) => 'Idempotency-Replayed' in (responses[status]?.headers ?? {}),
      ),
    }));
    for (const { takesKey, on } of replayed) expect(on.includes('200')).toBe(takesKey);
    expect(replayed.filter(({ takesKey }) => takesKey)).toHaveLength(
      ROUTES.filter(({ names }) => names.body !== undefined).length,
    );
    expect(document.paths['/tasks/{task_id}/status']?.['put']?.responses['409']?.headers).toHaveProperty(
      'Idempotency-Replayed',
    );
  });

  it('the description tells of the headers that no operation lists', () => {
    expect(document.info.description).toContain(
      'The header Allow of 204 and 405 lists the methods of the path.',
    );
  });
});
