import { z } from 'zod';
import type { DatabaseTarget } from '../db/connect.ts';
import { LOG_LEVELS, type LogLevel } from '../http/middleware/request-log.ts';

/** What the bindings and variables of the Worker amount to. */
export interface Configuration {
  readonly logLevel: LogLevel;
  /** Origins that browsers may call from; `*` stands for all. */
  readonly corsOrigins: readonly string[];
  /** The rate limiting bindings that are there; none where the Worker runs without them. */
  readonly rateLimits: {
    readonly credential: RateLimit | undefined;
    readonly failedAuthentication: RateLimit | undefined;
  };
  readonly database: DatabaseTarget;
}

/** Either the configuration, or one sentence for each thing that must be set. */
export type ParsedEnvironment =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problem: string };

const rateLimit = (name: string) =>
  z
    .custom<RateLimit>(isRateLimit, {
      error: `${name} is no rate limiting binding: declare it under [[ratelimits]] in wrangler.toml`,
    })
    .optional();

const variables = z.object({
  LOG_LEVEL: z
    .string()
    .default('')
    .transform((level) => level.toLowerCase() || 'info')
    .pipe(z.enum(LOG_LEVELS, { error: `set LOG_LEVEL to one of ${LOG_LEVELS.join(', ')}` })),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((origins) => origins.split(',').map((origin) => origin.trim()))
    .transform((origins) => origins.filter((origin) => origin !== ''))
    .refine((origins) => origins.every(isOrigin), {
      error: 'set CORS_ORIGINS to origins such as https://app.example.com, separated by commas, or to *',
    }),
  CREDENTIAL_RATE_LIMIT: rateLimit('CREDENTIAL_RATE_LIMIT'),
  FAILED_AUTHENTICATION_RATE_LIMIT: rateLimit('FAILED_AUTHENTICATION_RATE_LIMIT'),
});

const database = z.discriminatedUnion(
  'DATABASE_DRIVER',
  [
    z.object({
      DATABASE_DRIVER: z.literal('hyperdrive'),
      HYPERDRIVE: z.object(
        { connectionString: z.string() },
        { error: 'DATABASE_DRIVER is hyperdrive: add the binding HYPERDRIVE to wrangler.toml' },
      ),
    }),
    z.object({
      DATABASE_DRIVER: z.literal('neon'),
      DATABASE_URL: z
        .string({ error: 'DATABASE_DRIVER is neon: set the secret DATABASE_URL' })
        .refine(isNeonUrl, {
          error:
            'set the secret DATABASE_URL to postgres://user:password@host/database, with signs such as / or # in the password percent-encoded',
        }),
    }),
  ],
  { error: 'set DATABASE_DRIVER to hyperdrive or neon' },
);

/** Whether text is a connection string that the drivers can read; they would repeat in an error what they cannot. */
export function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hostname !== '';
}

/** Neon's driver also needs a user and a database by name. */
function isNeonUrl(text: string): boolean {
  if (!isPostgresUrl(text)) return false;
  const { username, pathname } = new URL(text);
  return username !== '' && pathname.length > 1;
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

function isRateLimit(binding: unknown): boolean {
  return (
    typeof binding === 'object' &&
    binding !== null &&
    'limit' in binding &&
    typeof binding.limit === 'function'
  );
}

/** Parses the Worker's bindings. No value of theirs is ever repeated in a problem: some are secrets. */
export function parseEnvironment(env: unknown): ParsedEnvironment {
  const parsed = z.intersection(variables, database).safeParse(env);
  if (!parsed.success) {
    const problems = new Set(parsed.error.issues.map((issue) => issue.message));
    return { ok: false, problem: [...problems].join('; ') };
  }
  const { LOG_LEVEL, CORS_ORIGINS, ...rest } = parsed.data;
  const { CREDENTIAL_RATE_LIMIT, FAILED_AUTHENTICATION_RATE_LIMIT, ...target } = rest;
  return {
    ok: true,
    configuration: {
      logLevel: LOG_LEVEL,
      corsOrigins: CORS_ORIGINS,
      rateLimits: {
        credential: CREDENTIAL_RATE_LIMIT,
        failedAuthentication: FAILED_AUTHENTICATION_RATE_LIMIT,
      },
      database: targetOf(target),
    },
  };
}

function targetOf(target: z.infer<typeof database>): DatabaseTarget {
  const driver = target.DATABASE_DRIVER;
  return driver === 'hyperdrive'
    ? { driver, connectionString: target.HYPERDRIVE.connectionString }
    : { driver, connectionString: target.DATABASE_URL };
}
