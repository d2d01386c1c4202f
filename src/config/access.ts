import { z } from 'zod';
import type { ConfiguredKey, Credentials, KeyRules } from '../auth/credentials.ts';
import { CALLER_NAMES, SCOPES, unrestricted } from '../domain/access.ts';
import { LEEWAY_SECONDS } from '../domain/leeway.ts';
import { PROJECT_ID_PATTERN } from '../domain/task.ts';

export type AccessConfiguration =
  | { readonly kind: 'credentials'; readonly credentials: Credentials }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'none' };

/** Either the configuration, or one sentence for each thing to set. */
export type ParsedAccess =
  | { readonly ok: true; readonly access: AccessConfiguration }
  | { readonly ok: false; readonly problem: string };

const SHORTEST_API_KEY = 8;
const SHORTEST_SECRET_BYTES = 32;

/** What may follow Bearer in an Authorization header (RFC 6750, section 2.1). */
const TOKEN_68 = /^[A-Za-z0-9\-._~+/]+=*$/;

const TAKEN_NAMES: readonly string[] = Object.values(CALLER_NAMES);

const text = z.string().default('');

const keyEntry = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
  projects: z.union([z.literal('*'), z.array(z.string().regex(PROJECT_ID_PATTERN)).min(1)]),
  scopes: z.array(z.enum(SCOPES)).min(1),
});

const FORMS: Readonly<Record<string, string>> = {
  name: 'name must be 1 to 100 letters, digits, dots, underscores or hyphens',
  sha256: 'sha256 must be 64 hexadecimal digits',
  projects: 'projects must be "*" or a list of project ids',
  scopes: `scopes must be a list of ${SCOPES.join(', ')}`,
};

const API_KEYS_FORM = 'set API_KEYS to a JSON list of entries as npm run key:create prints them';

const apiKeys = text.transform((value, context): ConfiguredKey[] => {
  if (value === '') return [];
  const parsed = z.array(keyEntry).safeParse(parseJson(value));
  if (parsed.success) return parsed.data.map(toConfiguredKey);
  for (const { path } of parsed.error.issues) {
    const [index, field] = path;
    const form = FORMS[String(field)] ?? 'it must have name, sha256, projects and scopes, and nothing else';
    const message =
      index === undefined ? API_KEYS_FORM : `correct entry ${Number(index) + 1} of API_KEYS: ${form}`;
    context.addIssue({ code: 'custom', message });
  }
  return z.NEVER;
});

const variables = z.object({
  API_KEYS: apiKeys
    .refine(haveHashesOfTheirOwn, {
      error: 'correct API_KEYS: two entries have the same sha256; give each a key of its own',
    })
    .refine(haveNamesOfTheirOwn, {
      error: `correct API_KEYS: each entry needs a name of its own, other than ${TAKEN_NAMES.join(', ')}`,
    }),
  API_KEY: text.refine((key) => key === '' || (TOKEN_68.test(key) && key.length >= SHORTEST_API_KEY), {
    error: `set API_KEY to at least ${SHORTEST_API_KEY} letters, digits or -._~+/, or to a key of npm run key:create`,
  }),
  JWT_SECRET: text
    .transform((secret) => new TextEncoder().encode(secret))
    .refine(({ byteLength }) => byteLength === 0 || byteLength >= SHORTEST_SECRET_BYTES, {
      error: `set JWT_SECRET to at least ${SHORTEST_SECRET_BYTES} bytes, such as openssl rand -base64 32 prints`,
    }),
  JWT_JWKS_URL: text.refine((url) => url === '' || isKeySetUrl(url), {
    error: 'set JWT_JWKS_URL to an https:// address',
  }),
  JWT_ISSUER: text,
  JWT_AUDIENCE: text,
  JWT_LEEWAY_SECONDS: text
    .refine((leeway) => /^\d{0,3}$/.test(leeway) && Number(leeway) <= LEEWAY_SECONDS.max, {
      error: `set JWT_LEEWAY_SECONDS to a whole number from 0 to ${LEEWAY_SECONDS.max}`,
    })
    .transform((leeway) => (leeway === '' ? LEEWAY_SECONDS.default : Number(leeway))),
  ALLOW_ANONYMOUS: text.pipe(
    z.enum(['', 'true', 'false'], { error: 'set ALLOW_ANONYMOUS to true or false' }),
  ),
  CF_VERSION_METADATA: z.unknown().optional(),
});

type Variables = z.infer<typeof variables>;

/** Parses the bindings about access. A problem never repeats a value. */
export function parseAccess(env: unknown, keyRules: KeyRules): ParsedAccess {
  const API_KEY = variables.shape.API_KEY.refine((key) => !keyRules.isMistypedKey(key), {
    error: 'copy API_KEY again: its checksum is wrong',
  });
  const parsed = variables.extend({ API_KEY }).safeParse(env);
  if (parsed.success) return { ok: true, access: accessBy(parsed.data, keyRules) };
  const problems = new Set(parsed.error.issues.map((issue) => issue.message));
  return { ok: false, problem: [...problems].join('; ') };
}

/** A configured credential overrides ALLOW_ANONYMOUS: having both is more likely an oversight. */
function accessBy(given: Variables, { hashOf }: KeyRules): AccessConfiguration {
  const oneKey = given.API_KEY;
  const keys = [...given.API_KEYS];
  if (oneKey !== '') keys.push({ caller: unrestricted(CALLER_NAMES.apiKey), hash: hashOf(oneKey) });
  const tokens = tokenRulesOf(given);
  if (tokens !== undefined) return { kind: 'credentials', credentials: { keys, tokens } };
  if (keys.length > 0) return { kind: 'credentials', credentials: { keys } };
  const open = given.ALLOW_ANONYMOUS === 'true' && !isDeployed(given.CF_VERSION_METADATA);
  return { kind: open ? 'anonymous' : 'none' };
}

// Cloudflare fills the binding version_metadata with an object; workerd alone has none. `wrangler dev` makes one up, so
// `npm run dev` puts a text in its place. The authentication also looks for CF-Ray.
function isDeployed(metadata: unknown): boolean {
  return typeof metadata === 'object' && metadata !== null;
}

function tokenRulesOf(given: Variables): Credentials['tokens'] {
  const { JWT_SECRET: secret, JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = given;
  const { JWT_LEEWAY_SECONDS: leewaySeconds } = given;
  if (secret.byteLength === 0 && jwksUrl === '') return undefined;
  return {
    ...(secret.byteLength === 0 ? {} : { secret }),
    ...(jwksUrl === '' ? {} : { jwksUrl }),
    ...(issuer === '' ? {} : { issuer }),
    ...(audience === '' ? {} : { audience }),
    leewaySeconds,
  };
}

function toConfiguredKey({ name, sha256, projects, scopes }: z.infer<typeof keyEntry>): ConfiguredKey {
  return { caller: { name, projects, scopes }, hash: Buffer.from(sha256, 'hex') };
}

function haveHashesOfTheirOwn(keys: readonly ConfiguredKey[]): boolean {
  return areDistinct(keys.map(({ hash }) => hash.toString('hex')));
}

/** Limits, idempotency keys and the log tell callers apart by name. */
function haveNamesOfTheirOwn(keys: readonly ConfiguredKey[]): boolean {
  return areDistinct([...TAKEN_NAMES, ...keys.map(({ caller }) => caller.name)]);
}

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/** Over plain HTTP, anyone on the path could replace the issuer's keys. */
function isKeySetUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname));
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
