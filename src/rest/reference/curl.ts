import { type Description, type Endpoint, jsonIn, resolved } from './description.ts';

/** A call for the shell, in which URL and API_KEY are set, with an example of everything that is required. */
export function curlOf(description: Description, { method, path, operation }: Endpoint): string {
  const { parameters = [], requestBody, security } = operation;
  const required = parameters.filter((parameter) => parameter.required === true);
  const examples = Object.fromEntries(
    required.map(({ name, schema }) => [name, String(schema.example ?? name)]),
  );
  const query = required.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(examples[name] ?? name));
  const search = query.map((name) => `${name}=${encodeURIComponent(examples[name] ?? '')}`).join('&');
  const isImplied = method === (requestBody === undefined ? 'GET' : 'POST');
  const words = [
    `curl ${isImplied ? '' : `-X ${method} `}"$URL${target}${search === '' ? '' : `?${search}`}"`,
    ...(security?.length === 0 ? [] : ['-H "Authorization: Bearer $API_KEY"']),
    ...(requestBody === undefined ? [] : [`--json ${quoted(exampleBody(description, operation))}`]),
  ];
  return words.join(' \\\n  ');
}

/** The example of a request's body as indented JSON; the empty text where it has none. */
export function exampleBody(description: Description, { requestBody }: Endpoint['operation']): string {
  const json = jsonIn(requestBody?.content);
  if (json === undefined) return '';
  return JSON.stringify(resolved(description, json.schema).example ?? {}, null, 2);
}

/** In single quotes the shell reads nothing but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
