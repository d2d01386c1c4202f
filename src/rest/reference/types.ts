import { referredName, type Schema } from './description.ts';
import { type Html, html, joined } from './html.ts';

/** What a value is, in words; a component is linked to the section that shows it. */
export function typeOf(schema: Schema): Html {
  const name = referredName(schema);
  if (name !== undefined) return html`<a href="#${name}">${name}</a>`;
  if (schema.anyOf !== undefined) return joined(schema.anyOf.map(typeOf), ' or ');
  const types = [schema.type ?? 'any'].flat().map((type) => namedType(type, schema));
  return joined(types, ' or ');
}

function namedType(type: string, { format, items, enum: values }: Schema): Html {
  if (type === 'array' && items !== undefined)
    return html`list of ${typeOf(items)}${items.type === undefined ? '' : 's'}`;
  if (type === 'string' && format === 'date-time') return html`time`;
  if (type === 'boolean' && values?.length === 1) return html`${String(values[0])}`;
  return html`${type}`;
}

/** What a value must keep to, one phrase each. */
export function boundsOf(schema: Schema): Html[] {
  const { items, pattern, enum: values } = schema;
  const phrases = [
    ...range(schema.minLength, schema.maxLength, 'characters'),
    ...range(schema.minimum, schema.maximum, ''),
    ...range(schema.minItems, schema.maxItems, 'entries'),
  ].map((phrase) => html`${phrase}`);
  if (items !== undefined) phrases.push(...boundsOf(items).map((bound) => html`each ${bound}`));
  if (pattern !== undefined) phrases.push(html`of the form <code>${pattern}</code>`);
  if (values !== undefined && values.length > 1) phrases.push(html`one of ${valuesOf(values)}`);
  if (schema.default !== undefined) phrases.push(html`default ${code(schema.default)}`);
  return phrases;
}

const valuesOf = (values: readonly unknown[]) => joined(values.map(code), ', ');

/** A value as JSON has it, texts without their quotes. */
export function code(value: unknown): Html {
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}

function range(min: number | undefined, max: number | undefined, unit: string): string[] {
  const least = min === 0 && unit !== '' ? undefined : min;
  // A maximum that only keeps numbers exact in JSON tells a reader nothing.
  const most = max === Number.MAX_SAFE_INTEGER ? undefined : max;
  const numbers = rangeText(least, most);
  return numbers === undefined ? [] : [`${numbers} ${unit}`.trimEnd()];
}

function rangeText(least: number | undefined, most: number | undefined): string | undefined {
  const text = (value: number) => value.toLocaleString('en');
  if (least !== undefined && most !== undefined) return `${text(least)} to ${text(most)}`;
  if (least !== undefined) return `at least ${text(least)}`;
  return most === undefined ? undefined : `at most ${text(most)}`;
}
