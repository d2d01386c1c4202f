/** How a request carries the fields of an operation. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly inQuery: readonly string[];
  readonly hasBody: boolean;
  readonly takesKey: boolean;
  readonly answersJson: boolean;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** Puts the fields of an operation into path, query and body; undefined ones are left out. */
export function toRequest(
  { method, path, inQuery, hasBody }: Route,
  baseUrl: string,
  input: Readonly<Record<string, unknown>>,
): HttpRequest {
  const fields = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (name: string) => {
    const value = fields.get(name);
    fields.delete(name);
    return value;
  };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(take(name))));
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${filled}`);
  for (const name of inQuery) {
    const value = take(name);
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  // A field too many reaches the service, which refuses it by name.
  if (!hasBody) for (const [name, value] of fields) url.searchParams.set(name, String(value));
  return { method, url: url.href, body: hasBody ? JSON.stringify(Object.fromEntries(fields)) : undefined };
}
