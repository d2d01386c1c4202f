import { describe, expect, it } from 'vitest';
import { referenceHtml } from '../../scripts/pages/reference-files.ts';
import { ERRORS } from '../../src/domain/errors/index.ts';
import document from '../../src/rest/assets/openapi.json';
import {
  type Description,
  endpointsOf,
  type Operation,
  resolved,
  type Schema,
} from '../../src/rest/reference/description.ts';
import { referencePage } from '../../src/rest/reference/page.ts';

// The document is the generator's; a test of its own holds it to the code.
const description = document as unknown as Description;
const page = referenceHtml(description);
const ENDPOINTS = endpointsOf(description).map((endpoint) => ({
  ...endpoint,
  id: endpoint.operation.operationId,
}));

/** The section of an operation, to its end. */
function sectionOf(id: string): string {
  const [, after = ''] = page.split(`<section class="operation" id="${id}"`);
  return after.split('</section>')[0] ?? '';
}

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The names of a schema's fields and of the objects in it. */
function fieldsOf(schema: Schema): string[] {
  const { properties = {} } = resolved(description, schema);
  return Object.entries(properties).flatMap(([name, field]) => [name, ...fieldsOf(field.items ?? field)]);
}

const jsonOf = ({ content }: { content?: Operation['responses'][string]['content'] }) =>
  content?.['application/json'];

describe('the reference page', () => {
  it('the page has a section for every operation', () => {
    expect(ENDPOINTS.length).toBeGreaterThan(10);
    expect([...page.matchAll(/<section class="operation" id="(\w+)"/g)].map(([, id]) => id).sort()).toEqual(
      ENDPOINTS.map(({ id }) => id).sort(),
    );
  });

  it.each(ENDPOINTS)('$id is shown with its method, path, summary and description', (endpoint) => {
    const text = textOf(sectionOf(endpoint.id));
    expect(text).toContain(`${endpoint.method} ${endpoint.path}`);
    expect(text).toContain(endpoint.operation.summary);
    expect(text).toContain(endpoint.operation.description ?? '');
  });

  it.each(ENDPOINTS)('$id is shown with each of its parameters, and can be tried with it', (endpoint) => {
    const section = sectionOf(endpoint.id);
    for (const { name, in: place } of endpoint.operation.parameters ?? []) {
      expect(section).toContain(`<dt><code>${name}</code>`);
      expect(section).toContain(`data-in="${place}" data-name="${name}"`);
    }
  });

  it.each(ENDPOINTS)('$id is shown with each field of its body', ({ id, operation }) => {
    const body = jsonOf(operation.requestBody ?? {});
    const fields = body === undefined ? [] : fieldsOf(body.schema);
    for (const name of fields) expect(sectionOf(id)).toContain(`<dt><code>${name}</code>`);
    expect(sectionOf(id).includes('<textarea')).toBe(body !== undefined);
  });

  it.each(ENDPOINTS)('$id is shown with each answer, field and example', ({ id, operation }) => {
    const section = sectionOf(id);
    for (const [status, answer] of Object.entries(operation.responses)) {
      expect(textOf(section)).toContain(answer.description);
      expect(section).toContain(`>${status}<`);
      const { schema, examples = {} } = jsonOf(answer) ?? {};
      if (Number(status) >= 400 || schema === undefined) continue;
      for (const name of Object.keys(resolved(description, schema).properties ?? {}))
        expect(section).toContain(`<dt><code>${name}</code>`);
      for (const { value } of Object.values(examples))
        expect(textOf(section)).toContain(JSON.stringify(value, null, 2));
    }
  });

  it.each(ENDPOINTS)('$id links each of its error codes to the list', ({ id, operation }) => {
    const examples = Object.values(operation.responses).flatMap((answer) =>
      Object.values(jsonOf(answer)?.examples ?? {}),
    );
    const codes = examples.map(({ value }) => (value as { code?: string }).code);
    for (const code of codes.filter((it) => it !== undefined))
      expect(sectionOf(id)).toContain(`<a href="#error-${code}">`);
  });

  it.each(ENDPOINTS)('$id is shown with a call for the shell that sends the example', (endpoint) => {
    const text = textOf(sectionOf(endpoint.id));
    const isOpen = endpoint.operation.security?.length === 0;
    expect(text).toContain('curl ');
    expect(text.includes('-H "Authorization: Bearer $API_KEY"')).toBe(!isOpen);
    const body = jsonOf(endpoint.operation.requestBody ?? {});
    if (body !== undefined)
      expect(text).toContain(
        `--json '${JSON.stringify(resolved(description, body.schema).example, null, 2)}'`,
      );
  });

  it.each(Object.entries(ERRORS))(
    'the list of errors has %s with what it means',
    (code, { status, meaning }) => {
      const [, after = ''] = page.split(`<div id="error-${code}">`);
      const entry = textOf(after.split('</dd>')[0] ?? '');
      expect(entry).toContain(`${code} ${status}`);
      expect(entry).toContain(meaning);
    },
  );

  it('the fields of what answers share are shown once, and linked', () => {
    const { Task, Claim } = description.components.schemas;
    for (const [name, schema] of Object.entries({ Task, Claim })) {
      const [, after = ''] = page.split(`<section class="chapter" id="${name}"`);
      for (const field of fieldsOf(schema ?? {})) expect(after).toContain(`<dt><code>${field}</code>`);
    }
  });

  it('every link within the page leads to one place in it', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = new Set([...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id));
    expect([...links].filter((link) => !ids.includes(link))).toEqual([]);
  });

  it('every field to fill in has a label', () => {
    const fields = [...page.matchAll(/<(?:input|select|textarea) id="([^"]+)"/g)].map(([, id]) => id);
    expect(fields.length).toBeGreaterThan(20);
    for (const id of fields) expect(page).toContain(`<label for="${id}">`);
  });

  it('no heading skips a level', () => {
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    const jumps = levels.map((level, index) => level - (levels[index - 1] ?? 0));
    expect(Math.max(...jumps)).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
  });
});

describe('a document with markup in its texts', () => {
  const EVIL = '<img src=x onerror="alert(1)">&\'';
  const evil: Schema = {
    type: 'string',
    description: EVIL,
    pattern: EVIL,
    enum: [EVIL, 'b'],
    example: EVIL,
    default: EVIL,
  };
  const object = { type: 'object', properties: { [EVIL]: evil }, example: { [EVIL]: EVIL } };
  const content = { 'application/json': { schema: object, examples: { [EVIL]: { value: EVIL } } } };
  const hostile: Description = {
    info: { title: EVIL, summary: EVIL, description: EVIL, version: EVIL },
    tags: [{ name: EVIL, description: EVIL }],
    paths: {
      [`/${EVIL}`]: {
        put: {
          operationId: EVIL,
          summary: EVIL,
          description: EVIL,
          tags: [EVIL],
          security: [{ bearer: [EVIL] }],
          parameters: [
            { name: EVIL, in: 'query', required: true, schema: evil },
            { name: `${EVIL}2`, in: 'query', schema: { type: 'string', example: EVIL } },
          ],
          requestBody: { content },
          responses: {
            200: { description: EVIL, content },
            400: {
              description: EVIL,
              content: { 'application/json': { schema: {}, examples: { a: { value: { code: EVIL } } } } },
            },
          },
        },
      },
    },
    components: {
      securitySchemes: { bearer: { description: EVIL } },
      headers: { [EVIL]: { description: EVIL } },
      schemas: {},
    },
  };
  const errors = [
    { code: EVIL, status: 400, meaning: EVIL, remedies: [EVIL, EVIL], example: { [EVIL]: EVIL } },
  ];

  it('none of the texts becomes markup', () => {
    const made = referencePage(hostile, errors, { style: '/docs.css', script: '/docs.js' });
    expect(made).not.toContain('<img');
    expect(made).not.toContain('onerror="');
    expect(made.split('&lt;img').length).toBeGreaterThan(40);
  });
});
