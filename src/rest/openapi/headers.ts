type HeaderDescription = {
  readonly description: string;
  readonly required?: boolean;
  readonly schema: { readonly type: 'string' | 'integer'; readonly const?: string };
};

const onEvery = (description: string, value?: string): HeaderDescription => ({
  description,
  required: true,
  schema: { type: 'string', ...(value === undefined ? {} : { const: value }) },
});

const COMMON = {
  'X-Request-Id': onEvery(
    'Identifies the request in the log; the id that the request sent, if it was usable',
  ),
  'Server-Timing': onEvery(
    'Milliseconds spent on the answer: db on attempts at statements, total on everything (W3C Server Timing)',
  ),
  'Cache-Control': onEvery('Caches keep no answer', 'no-store'),
  'X-Content-Type-Options': onEvery('Browsers guess no other type', 'nosniff'),
  'Content-Security-Policy': onEvery('Browsers load nothing for an answer and show it in no frame'),
} as const satisfies Record<string, HeaderDescription>;

const SPECIAL = {
  'WWW-Authenticate': {
    description:
      'What the credential lacks (RFC 6750, section 3); absent where it has no access to a project',
    schema: { type: 'string' },
  },
  'Accept-Encoding': {
    description: 'identity, if the service refused a content coding (RFC 9110, section 12.5.3)',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'How many seconds to wait', required: true, schema: { type: 'integer' } },
  'Idempotency-Replayed': {
    description: 'true, if this repeats the first answer to the Idempotency-Key',
    schema: { type: 'string', const: 'true' },
  },
  ETag: {
    description: 'The revision of the task in quotes, for If-Match; what agents do does not change it',
    required: true,
    schema: { type: 'string' },
  },
} as const satisfies Record<string, HeaderDescription>;

export const HEADERS: Readonly<Record<string, HeaderDescription>> = { ...COMMON, ...SPECIAL };

const OF_STATUS: Readonly<Record<string, readonly (keyof typeof SPECIAL)[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  415: ['Accept-Encoding'],
  429: ['Retry-After'],
};

/** A key keeps only what the database decided. */
const REPLAYED: ReadonlySet<string> = new Set(['200', '400', '404', '409', '412']);

interface Described {
  readonly paths?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name?: string }[];
  readonly responses: Readonly<Record<string, { headers?: object }>>;
}

/** Adds to each answer of a description the headers it has; `withEtag` has the ids of operations that tell revisions. */
export function describeHeaders({ paths = {} }: Described, withEtag: ReadonlySet<string>): void {
  // The paths hold only routes, each under its method.
  const operations = Object.values(paths).flatMap((path) => Object.values(path) as Operation[]);
  for (const { operationId = '', parameters = [], responses } of operations) {
    const takesKey = parameters.some(({ name }) => name === 'idempotency-key');
    for (const [status, answer] of Object.entries(responses)) {
      answer.headers = referencesTo([
        ...Object.keys(COMMON),
        ...(OF_STATUS[status] ?? []),
        ...(status === '200' && withEtag.has(operationId) ? ['ETag'] : []),
        ...(takesKey && REPLAYED.has(status) ? ['Idempotency-Replayed'] : []),
      ]);
    }
  }
}

function referencesTo(names: readonly string[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
