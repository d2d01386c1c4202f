import {
  type Content,
  type Description,
  type Endpoint,
  endpointsOf,
  jsonIn,
  type Parameter,
  referredName,
  type Schema,
} from '../../src/rest/reference/description.ts';

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

/** Lists the operations of a document, in its order. */
export function operationsOf(description: Description): Described[] {
  return endpointsOf(description).map((endpoint) => described(endpoint, description));
}

function described({ method, path, operation }: Endpoint, { components }: Description): Described {
  const { operationId: id, summary, parameters = [], requestBody, responses } = operation;
  const carriedIn = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const outside = [...carriedIn('path'), ...carriedIn('query')];
  const body = componentIn(requestBody?.content);
  const { properties = {}, required = [] } = body === undefined ? {} : (components.schemas[body] ?? {});
  const taken = outside.find(({ name }) => name in properties);
  if (taken !== undefined)
    throw new Error(`${id} takes ${taken.name} twice, so its fields cannot be one object`);
  return {
    id,
    summary,
    method,
    path,
    inQuery: carriedIn('query').map(({ name }) => name),
    takesKey: carriedIn('header').some(({ name }) => name === 'idempotency-key'),
    input: {
      type: 'object',
      properties: { ...Object.fromEntries(outside.map(asProperty)), ...properties },
      required: [...outside.filter((parameter) => parameter.required).map(({ name }) => name), ...required],
    },
    answer: componentIn(responses['200']?.content),
    body,
  };
}

/** The name of the component that a JSON body consists of. */
function componentIn(content: Content | undefined): string | undefined {
  const json = jsonIn(content);
  return json && referredName(json.schema);
}

/** A default of a parameter is told in words, as those of a body are: a type with a default is no longer optional. */
function asProperty({
  name,
  description,
  schema: { default: standard, ...schema },
}: Parameter): [string, Schema] {
  const told = standard === undefined ? undefined : `Default: ${String(standard)}`;
  const words = [description ?? schema.description, told].filter((part) => part !== undefined);
  return [name, words.length === 0 ? schema : { ...schema, description: words.join('. ') }];
}
