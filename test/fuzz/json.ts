/**
 * JSON as it is going to be written, not as it is going to be read: fields may repeat and be named anything, and
 * a text stands for itself, whether it is JSON or not.
 */
export type Json = string | { readonly list: readonly Json[] } | { readonly fields: readonly Field[] };
export type Field = readonly [name: string, value: Json];

/** Writes JSON text. */
export function write(json: Json): string {
  if (typeof json === 'string') return json;
  if ('list' in json) return `[${json.list.map(write).join(',')}]`;
  return `{${json.fields.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(',')}}`;
}

/** The text of a parameter of that value: a string without its quotes. */
export function parameterText(json: Json): string {
  const text = write(json);
  const value = parse(text);
  return typeof value === 'string' ? value : text;
}

/** Reads JSON; undefined where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
