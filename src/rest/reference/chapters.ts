import { type Description, endpointsOf, jsonIn, referredName, resolved, type Schema } from './description.ts';
import { type ErrorEntry, errorList } from './errors.ts';
import { answerFields } from './fields.ts';
import { type Html, html, prose, sentence } from './html.ts';

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

/** What the operations share and link to. */
export function chaptersOf(description: Description, errors: readonly ErrorEntry[]): Chapter[] {
  const { securitySchemes = {}, headers = {}, schemas } = description.components;
  const access = Object.values(securitySchemes).map(
    ({ description: about = '' }) => html`<p>${prose(about)}</p>`,
  );
  return [
    {
      id: 'access',
      title: 'Access',
      content: html`<p>Send <code>Authorization: Bearer</code> and your credential.</p>${access}`,
    },
    { id: 'errors', title: 'Errors', content: errorChapter(description, errors) },
    { id: 'headers', title: 'Headers of answers', content: headerList(headers) },
    ...linkedSchemas(description).map((name) => ({
      id: name,
      title: name,
      content: answerFields(description, schemas[name] ?? {}),
    })),
  ];
}

/** Every error has one schema; the list says more of its codes than the schema does. */
function errorChapter(description: Description, errors: readonly ErrorEntry[]): Html {
  const { properties = {}, ...schema } = description.components.schemas['ErrorAnswer'] ?? {};
  const code = { type: 'string', description: 'One of the codes below' };
  const answer = { ...schema, properties: { ...properties, code } };
  return html`${answerFields(description, answer)}<h3 class="codes">Codes</h3>${errorList(errors)}`;
}

function headerList(headers: Readonly<Record<string, { readonly description?: string }>>): Html {
  return html`<dl class="fields">${Object.entries(headers).map(
    ([name, { description = '' }]) =>
      html`<div><dt><code>${name}</code></dt><dd><p>${sentence(description)}</p></dd></div>`,
  )}</dl>`;
}

/** The components that the fields of successful answers link to, and those that these link to. */
function linkedSchemas(description: Description): string[] {
  const linked = new Set<string>();
  const follow = (schema: Schema) => {
    for (const name of Object.values(resolved(description, schema).properties ?? {}).flatMap(namesIn)) {
      if (linked.has(name)) continue;
      linked.add(name);
      follow(description.components.schemas[name] ?? {});
    }
  };
  for (const { operation } of endpointsOf(description)) {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const json = jsonIn(content);
      if (Number(status) < 400 && json !== undefined) follow(json.schema);
    }
  }
  return [...linked];
}

function namesIn({ anyOf = [], items, ...schema }: Schema): string[] {
  const name = referredName(schema);
  if (name !== undefined) return [name];
  return [...anyOf, ...(items === undefined ? [] : [items])].flatMap(namesIn);
}
