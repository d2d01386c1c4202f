import { type Description, type Parameter, referredName, resolved, type Schema } from './description.ts';
import { type Html, html, joined, prose } from './html.ts';
import { boundsOf, code, typeOf } from './types.ts';

interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly note?: string;
  readonly isRequired?: boolean;
  readonly description: string | undefined;
  /** What the value itself consists of. */
  readonly inner?: Html | undefined;
}

/** The parameters of a request; the note says in which part of it each one goes. */
export function parameterList(parameters: readonly Parameter[]): Html {
  return list(
    parameters.map(({ name, in: place, required, schema, description }) => ({
      name,
      schema,
      description: description ?? schema.description,
      note: place,
      isRequired: required === true,
    })),
  );
}

/** The fields of a request's body; objects in it are shown where they occur, as nothing else has them. */
export function bodyFields(description: Description, schema: Schema): Html {
  const { properties = {}, required = [] } = resolved(description, schema);
  return list(
    Object.entries(properties).map(([name, field]) => {
      const inner = objectIn(description, field);
      return {
        name,
        schema: plain(field),
        description: field.description,
        isRequired: required.includes(name),
        inner: inner && bodyFields(description, inner),
      };
    }),
  );
}

/** The fields of an answer; those that are always there need no note. */
export function answerFields(description: Description, schema: Schema): Html {
  const { properties = {}, required = [] } = resolved(description, schema);
  return list(
    Object.entries(properties).map(([name, field]) => ({
      name,
      schema: field,
      description: field.description,
      ...(required.includes(name) ? {} : { note: 'not always there' }),
      inner: field.properties && answerFields(description, field),
    })),
  );
}

function objectIn(description: Description, { items, ...schema }: Schema): Schema | undefined {
  const inner = resolved(description, items ?? schema);
  return inner.properties === undefined ? undefined : inner;
}

/** A list of a component as a list of objects, since the component has no section to link to. */
function plain(schema: Schema): Schema {
  const { items } = schema;
  return items !== undefined && referredName(items) !== undefined
    ? { ...schema, items: { type: 'object' } }
    : schema;
}

function list(fields: readonly Field[]): Html {
  return html`<dl class="fields">${fields.map(item)}</dl>`;
}

function item({ name, schema, note, isRequired, description, inner }: Field): Html {
  const about = description === undefined ? [] : [html`${prose(description)}`];
  const bounds = boundsOf(schema);
  const example =
    schema.example === undefined || schema.enum !== undefined
      ? []
      : [html`for example ${code(schema.example)}`];
  const details = joined([...bounds, ...example], '; ');
  return html`
<div><dt><code>${name}</code> <span class="type">${typeOf(schema)}</span>${note === undefined ? '' : html` <span class="note">${note}</span>`}${isRequired === true ? html` <span class="need">required</span>` : ''}</dt><dd>${about.map((text) => html`<p>${text}</p>`)}${bounds.length + example.length > 0 ? html`<p class="bounds">${details}</p>` : ''}${inner}</dd></div>`;
}
