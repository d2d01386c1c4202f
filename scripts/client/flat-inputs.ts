/** What is read here of a JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly [more: string]: unknown;
}

interface Content {
  readonly schema: Schema;
}

/** What is read here of an operation of OpenAPI 3.1. */
export interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

/** What is read here of a document of OpenAPI 3.1. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation, as the client needs it. */
export interface Described {
  readonly id: string;
  readonly summary: string;
  readonly method: string;
  readonly path: string;
  readonly inQuery: readonly string[];
  readonly takesKey: boolean;
  /** Path, query and body as one object. */
  readonly input: Schema;
  /** The name of the answer's schema; undefined if the answer is text. */
  readonly answer: string | undefined;
  /** The name of the body's schema, which the input stands for. */
  readonly body: string | undefined;
}

const nameIn = (ref = '') => ref.replace('#/components/schemas/', '');

/** Lists the operations of a document, in its order. */
export function operationsOf({ paths, components }: Document): Described[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => described(path, method, operation, components)),
  );
}

function described(
  path: string,
  method: string,
  { operationId: id, summary, parameters = [], requestBody, responses }: OperationObject,
  { schemas }: Document['components'],
): Described {
  const carriedIn = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const outside = [...carriedIn('path'), ...carriedIn('query')];
  const body = requestBody?.content['application/json']?.schema.$ref;
  const { properties = {}, required = [] } = body === undefined ? {} : (schemas[nameIn(body)] ?? {});
  const taken = outside.find(({ name }) => name in properties);
  if (taken !== undefined)
    throw new Error(`${id} takes ${taken.name} twice, so its fields cannot be one object`);
  const answer = responses['200']?.content?.['application/json']?.schema.$ref;
  return {
    id,
    summary,
    method: method.toUpperCase(),
    path,
    inQuery: carriedIn('query').map(({ name }) => name),
    takesKey: carriedIn('header').some(({ name }) => name === 'idempotency-key'),
    input: {
      type: 'object',
      properties: { ...Object.fromEntries(outside.map(asProperty)), ...properties },
      required: [...outside.filter((parameter) => parameter.required).map(({ name }) => name), ...required],
    },
    answer: answer === undefined ? undefined : nameIn(answer),
    body: body === undefined ? undefined : nameIn(body),
  };
}

/** A default of a parameter is told in words, as those of a body are: a type with a default is no longer optional. */
function asProperty({
  name,
  description,
  schema: { default: standard, ...schema },
}: NonNullable<OperationObject['parameters']>[number]): [string, Schema] {
  const told = standard === undefined ? undefined : `Default: ${String(standard)}`;
  const words = [description ?? schema.description, told].filter((part) => part !== undefined);
  return [name, words.length === 0 ? schema : { ...schema, description: words.join('. ') }];
}
