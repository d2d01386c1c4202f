import fc, { type Arbitrary } from 'fast-check';
import { type OpenApiDocument, resolve, type Schema } from './document.ts';
import { type Field, type Json, write } from './json.ts';
import { ODD_JSON, ODD_TEXTS, PROTOTYPE_NAMES } from './oddities.ts';
import { samplesIn } from './samples.ts';

/** Makes JSON for a schema: such as it asks for, or such as it forbids or did not think of. */
export interface Values {
  /** A value that the schema allows; the name of the field or parameter says which samples fit. */
  valid(schema: Schema, name?: string): Arbitrary<Json>;
  odd(schema: Schema, name?: string): Arbitrary<Json>;
}

/** Below this depth a schema that contains itself ends. */
const DEEPEST = 8;
const NESTINGS = [10, 1_000, 100_000];
const LONGEST_WITHOUT_BOUND = 100;
const CHARACTERS = ['x', 'é', '日', '\u{1f600}'];

const oddText: Arbitrary<string> = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary' }));
const oddName: Arbitrary<string> = fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES), oddText);

const deep: Arbitrary<Json> = fc
  .tuple(fc.constantFrom(...NESTINGS), fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"__proto__":', '}]']))
  .map(([depth, [open = '', close = '']]) => `${open.repeat(depth)}null${close.repeat(depth)}`);

const anything: Arbitrary<Json> = fc.oneof(
  { arbitrary: fc.constantFrom<Json>(...ODD_JSON), weight: 6 },
  { arbitrary: oddText.map((text): Json => JSON.stringify(text)), weight: 4 },
  { arbitrary: fc.json(), weight: 2 },
  { arbitrary: deep, weight: 1 },
);

/** Derives generators of values from the schemas of a document. */
export function valuesOf(document: OpenApiDocument): Values {
  const samples = samplesIn(document);
  const samplesOf = (name: string, type: 'string' | 'number') =>
    (samples.get(name) ?? []).filter((sample) => typeof sample === type).map(String);

  function valid(given: Schema, name = '', depth = 0): Arbitrary<Json> {
    const schema = resolve(document, given);
    const choices = schema.anyOf ?? schema.oneOf;
    if (depth > DEEPEST) return fc.constant('null');
    if (schema.const !== undefined) return fc.constant(JSON.stringify(schema.const));
    if (schema.enum !== undefined)
      return fc.constantFrom(...schema.enum.map((value) => JSON.stringify(value)));
    if (choices !== undefined) return fc.oneof(...choices.map((choice) => valid(choice, name, depth + 1)));
    return fc.oneof(...typesOf(schema).map((type) => validOfType(type, schema, name, depth)));
  }

  function validOfType(type: string, schema: Schema, name: string, depth: number): Arbitrary<Json> {
    switch (type) {
      case 'string':
        return validText(schema, samplesOf(name, 'string')).map((text) => JSON.stringify(text));
      case 'integer':
      case 'number':
        return validNumber(schema, samplesOf(name, 'number'));
      case 'boolean':
        return fc.constantFrom('true', 'false');
      case 'array':
        return lists(schema, valid(schema.items ?? {}, name, depth + 1));
      case 'object':
        return validObject(schema, depth);
      case 'null':
        return fc.constant('null');
      default:
        return anything;
    }
  }

  function validObject(schema: Schema, depth: number): Arbitrary<Json> {
    const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const field = valid(property, name, depth + 1).map((value): Field[] => [[name, value]]);
      const left: Arbitrary<Field[]> = fc.constant([]);
      return (schema.required ?? []).includes(name) ? field : fc.oneof(left, field);
    });
    return fc.tuple(...fields).map((parts): Json => ({ fields: parts.flat() }));
  }

  function odd(given: Schema, name = '', depth = 0): Arbitrary<Json> {
    const schema = resolve(document, given);
    if (depth > DEEPEST) return anything;
    const shapes = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((choice) =>
      odd(choice, name, depth + 1),
    );
    const types = typesOf(schema).map((type) => oddOfType(type, schema, name, depth));
    return fc.oneof(
      { arbitrary: fc.oneof(...shapes, ...types), weight: 4 },
      { arbitrary: anything, weight: 1 },
    );
  }

  function oddOfType(type: string, schema: Schema, name: string, depth: number): Arbitrary<Json> {
    switch (type) {
      case 'string':
        return wrongText(schema, valid(schema, name, depth));
      case 'integer':
      case 'number':
        return wrongNumber(schema);
      case 'array':
        return wrongList(
          schema,
          valid(schema.items ?? {}, name, depth + 1),
          odd(schema.items ?? {}, name, depth + 1),
        );
      case 'object':
        return wrongObject(schema, depth);
      default:
        return anything;
    }
  }

  function wrongObject(schema: Schema, depth: number): Arbitrary<Json> {
    const properties = Object.entries(schema.properties ?? {});
    const wrongField = properties.map(([name, property]) =>
      fc
        .tuple(validObject(schema, depth), odd(property, name, depth + 1))
        .map(([json, value]) => put(json, name, value)),
    );
    const lacking = (schema.required ?? []).map((name) =>
      validObject(schema, depth).map((json) => without(json, name)),
    );
    const unknown = fc
      .tuple(validObject(schema, depth), oddName, anything)
      .map(([json, name, value]) => add(json, name, value));
    const twice = properties.map(([name, property]) =>
      fc
        .tuple(validObject(schema, depth), odd(property, name, depth + 1))
        .map(([json, value]) => add(json, name, value)),
    );
    return fc.oneof(
      ...wrongField.map((arbitrary) => ({ arbitrary, weight: 6 })),
      ...[...lacking, unknown, unknown, ...twice].map((arbitrary) => ({ arbitrary, weight: 2 })),
    );
  }

  return { valid, odd };
}

function typesOf({ type, properties, items }: Schema): readonly string[] {
  if (typeof type === 'string') return [type];
  if (type !== undefined) return type;
  if (properties !== undefined) return ['object'];
  return items === undefined ? ['any'] : ['array'];
}

function rangeOf({ minimum = -1_000, maximum = 1_000 }: Schema) {
  return { min: Math.ceil(minimum), max: Math.floor(Math.max(minimum, maximum)) };
}

function validNumber(schema: Schema, samples: readonly string[]): Arbitrary<string> {
  const unknown = fc.integer(rangeOf(schema)).map(String);
  return samples.length === 0 ? unknown : fc.oneof(fc.constantFrom(...samples), unknown);
}

function validText(schema: Schema, samples: readonly string[]): Arbitrary<string> {
  const { pattern, minLength = 0, maxLength = LONGEST_WITHOUT_BOUND, example } = schema;
  const fits = (text: string) => [...text].length >= minLength && [...text].length <= maxLength;
  const known = [...samples, ...(typeof example === 'string' ? [example] : [])];
  const unknown =
    pattern === undefined
      ? fc.oneof(
          { arbitrary: fc.string({ unit: 'grapheme' }).filter(fits), weight: 4 },
          { arbitrary: oddText.filter(fits), weight: 4 },
          { arbitrary: ofLength(minLength), weight: 1 },
          { arbitrary: ofLength(maxLength), weight: 1 },
        )
      : fc.stringMatching(new RegExp(pattern, 'u')).filter(fits);
  return known.length === 0 ? unknown : fc.oneof(fc.constantFrom(...known), unknown);
}

function ofLength(length: number): Arbitrary<string> {
  return fc.constantFrom(...CHARACTERS).map((character) => character.repeat(Math.max(0, length)));
}

function wrongText(schema: Schema, valid: Arbitrary<Json>): Arbitrary<Json> {
  const { minLength = 0, maxLength = LONGEST_WITHOUT_BOUND } = schema;
  const texts = valid.map((json) => String(JSON.parse(write(json))));
  const spoilt = fc
    .tuple(texts, oddText, fc.boolean())
    .map(([text, more, before]) => (before ? more + text : text + more));
  const cases = texts.map((text) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()));
  return fc
    .oneof(oddText, spoilt, cases, ofLength(minLength - 1), ofLength(maxLength + 1), ofLength(maxLength * 3))
    .map((text) => JSON.stringify(text));
}

function wrongNumber(schema: Schema): Arbitrary<Json> {
  const { min, max } = rangeOf(schema);
  const near = fc.constantFrom(min - 1, min, min + 0.5, max, max + 1, max * 10, -max).map(String);
  return fc.oneof(near, fc.constantFrom<Json>(...ODD_JSON), fc.double().map(String), fc.bigInt().map(String));
}

function lists(schema: Schema, item: Arbitrary<Json>): Arbitrary<Json> {
  const { minItems = 0, maxItems = LONGEST_WITHOUT_BOUND } = schema;
  const some = fc.array(item, { minLength: minItems, maxLength: maxItems, size: 'small' });
  return fc
    .oneof({ arbitrary: some, weight: 60 }, { arbitrary: many(item, maxItems), weight: 1 })
    .map((list): Json => ({ list }));
}

function wrongList(schema: Schema, item: Arbitrary<Json>, wrong: Arbitrary<Json>): Arbitrary<Json> {
  const { minItems = 0, maxItems = LONGEST_WITHOUT_BOUND } = schema;
  const spoilt = fc
    .tuple(fc.array(item, { maxLength: maxItems, size: 'xsmall' }), wrong)
    .map(([list, last]) => [...list, last]);
  return fc
    .oneof(
      { arbitrary: spoilt, weight: 20 },
      { arbitrary: fc.array(item, { maxLength: Math.max(0, minItems - 1) }), weight: 2 },
      { arbitrary: fc.array(wrong, { size: 'small' }), weight: 3 },
      { arbitrary: many(item, maxItems + 1), weight: 1 },
    )
    .map((list): Json => ({ list }));
}

/** That many items, of which few differ: a long list need not take long to make. */
function many(item: Arbitrary<Json>, length: number): Arbitrary<Json[]> {
  return fc
    .array(item, { minLength: 1, maxLength: 5 })
    .map((items) => Array.from({ length }, (_, index) => items[index % items.length] ?? 'null'));
}

function fieldsOf(json: Json): readonly Field[] {
  return typeof json === 'object' && 'fields' in json ? json.fields : [];
}

function add(json: Json, name: string, value: Json): Json {
  return { fields: [...fieldsOf(json), [name, value]] };
}

function without(json: Json, name: string): Json {
  return { fields: fieldsOf(json).filter(([field]) => field !== name) };
}

function put(json: Json, name: string, value: Json): Json {
  return add(without(json, name), name, value);
}
