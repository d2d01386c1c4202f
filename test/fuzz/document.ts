/** A JSON Schema, as far as the generators read it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly example?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** An OpenAPI document, as far as the fuzzer reads it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One documented route with its method. */
export interface Operation {
  readonly method: string;
  /** The path as it is documented, with its parameters in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  /** The schemas of the answers, by status. */
  readonly answers: ReadonlyMap<number, Schema>;
  /** The statuses whose answer is plain text. */
  readonly texts: ReadonlySet<number>;
}

const JSON_TYPE = 'application/json';

/** Lists every operation of a document. */
export function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content?.[JSON_TYPE]?.schema,
      answers: answersOf(operation),
      texts: textsOf(operation),
    })),
  );
}

function answersOf({ responses }: DocumentedOperation): Map<number, Schema> {
  const answers = new Map<number, Schema>();
  for (const [status, { content }] of Object.entries(responses)) {
    const schema = content?.[JSON_TYPE]?.schema;
    if (schema !== undefined) answers.set(Number(status), schema);
  }
  return answers;
}

function textsOf({ responses }: DocumentedOperation): Set<number> {
  const texts = Object.entries(responses).filter(
    ([, { content }]) =>
      content?.['text/plain'] !== undefined || content?.['application/x-ndjson'] !== undefined,
  );
  return new Set(texts.map(([status]) => Number(status)));
}

/** Follows a reference inside the document; a schema without one is returned as it is. */
export function resolve(document: OpenApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  const target = document.components.schemas[name];
  if (target === undefined) throw new Error(`The document has no ${schema.$ref}`);
  return resolve(document, target);
}

/** Finds the documented operation that a request is for: whole segments go before parameters. */
export function operationFor(
  operations: readonly Operation[],
  method: string,
  path: string,
): Operation | undefined {
  const documented = method === 'HEAD' ? 'GET' : method;
  const matching = operations.filter((operation) => patternOf(operation.path).test(path));
  const [first] = matching.sort((one, other) => parametersIn(one.path) - parametersIn(other.path));
  return matching.find((operation) => operation.path === first?.path && operation.method === documented);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}

function parametersIn(path: string): number {
  return path.split('{').length - 1;
}
