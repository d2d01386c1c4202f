/** The headers that tell a reader something; the rest is the same on every answer. */
const TELLING = [
  'content-type',
  'x-request-id',
  'server-timing',
  'idempotency-replayed',
  'retry-after',
  'allow',
  'accept-encoding',
  'www-authenticate',
];

/** The headers of an answer that a reader wants to see. */
export function tellingHeaders(headers: { get(name: string): string | null }): [string, string][] {
  return TELLING.map((name) => [name, headers.get(name)] as const).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
}

/** A body as a reader wants to see it: JSON indented, anything else as it came. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
