/** What a reader filled in, by the part of the request that it goes into. */
export interface Filled {
  readonly in: string;
  readonly name: string;
  readonly value: string;
}

export interface TriedRequest {
  readonly target: string;
  readonly init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/** The request of a filled form. What is empty is left out; the key goes into a header, never into the target. */
export function requestOf(
  method: string,
  path: string,
  filled: readonly Filled[],
  key: string,
): TriedRequest {
  const given = filled.filter(({ value }) => value !== '');
  const inPart = (part: string) => given.filter((field) => field.in === part);
  const values = new Map(inPart('path').map(({ name, value }) => [name, value]));
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''));
  const search = new URLSearchParams(inPart('query').map(({ name, value }) => [name, value])).toString();
  const body = inPart('body')[0]?.value;
  return {
    target: search === '' ? target : `${target}?${search}`,
    init: {
      method,
      headers: {
        ...Object.fromEntries(inPart('header').map(({ name, value }) => [name, value])),
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    },
  };
}
