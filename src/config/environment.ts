import { z } from 'zod';
import type { DatabaseTarget } from '../db/target.ts';
import { RESERVATION_MINUTES } from '../domain/ids.ts';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level.ts';
import { DEFAULT_DELETED_DAYS, DEFAULT_EVENT_DAYS, type Retention } from '../domain/retention.ts';
import { hasMethod } from './binding.ts';
import { databaseTarget } from './database.ts';

export interface Configuration {
  readonly logLevel: LogLevel;
  /** `*` stands for all origins. */
  readonly corsOrigins: readonly string[];
  /** Undefined where the Worker runs without the binding. */
  readonly rateLimits: {
    readonly credential: RateLimit | undefined;
    readonly failedAuthentication: RateLimit | undefined;
    readonly reservation: RateLimit | undefined;
  };
  /** Where a data point of each request goes; undefined without the binding. */
  readonly requestMetrics: AnalyticsEngineDataset | undefined;
  /** Whether /metrics tells of the requests to this process. */
  readonly countsRequests: boolean;
  readonly database: DatabaseTarget;
  readonly retention: Retention;
  /** How long reserved ids wait for their confirmation. */
  readonly reservationMinutes: number;
}

/** Either the configuration, or one sentence for each thing to set. */
export type ParsedEnvironment =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problem: string };

const rateLimit = (name: string) =>
  z
    .custom<RateLimit>((binding) => hasMethod(binding, 'limit'), {
      error: `${name} is no rate limiting binding: declare it under [[ratelimits]] in wrangler.toml`,
    })
    .optional();

/** A whole number of days; `off` for ever. */
const days = (name: string, usual: number | null) =>
  z
    .string()
    .default('')
    .transform((text) => text.trim().toLowerCase())
    .refine((text) => ['', 'off'].includes(text) || /^[1-9][0-9]{0,4}$/.test(text), {
      error: `set ${name} to a number of days such as 30, or to off`,
    })
    .transform((text) => {
      if (text === '') return usual;
      return text === 'off' ? null : Number(text);
    });

const MINUTES = RESERVATION_MINUTES;

const variables = z.object({
  RESERVATION_EXPIRATION_MINUTES: z
    .string()
    .default('')
    .transform((text) => (text.trim() === '' ? MINUTES.default : Number(text)))
    .refine((minutes) => Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES.max, {
      error: `set RESERVATION_EXPIRATION_MINUTES to a whole number from 1 to ${MINUTES.max}`,
    }),
  EVENT_RETENTION_DAYS: days('EVENT_RETENTION_DAYS', DEFAULT_EVENT_DAYS),
  TASK_RETENTION_DAYS: days('TASK_RETENTION_DAYS', null),
  DELETED_RETENTION_DAYS: days('DELETED_RETENTION_DAYS', DEFAULT_DELETED_DAYS),
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
  REQUEST_COUNTERS: z
    .string()
    .default('')
    .transform((choice) => choice.toLowerCase())
    .pipe(z.enum(['', 'on', 'off'], { error: 'set REQUEST_COUNTERS to on or off' })),
  REQUEST_METRICS: z
    .custom<AnalyticsEngineDataset>((binding) => hasMethod(binding, 'writeDataPoint'), {
      error:
        'REQUEST_METRICS is no Analytics Engine binding: declare it under [[analytics_engine_datasets]] in wrangler.toml',
    })
    .optional(),
  CREDENTIAL_RATE_LIMIT: rateLimit('CREDENTIAL_RATE_LIMIT'),
  FAILED_AUTHENTICATION_RATE_LIMIT: rateLimit('FAILED_AUTHENTICATION_RATE_LIMIT'),
  RESERVATION_RATE_LIMIT: rateLimit('RESERVATION_RATE_LIMIT'),
});

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

/** Parses the Worker's bindings. A problem never repeats a value: some are secrets. */
export function parseEnvironment(env: unknown): ParsedEnvironment {
  const parsed = z.intersection(variables, databaseTarget).safeParse(env);
  if (!parsed.success) {
    const problems = new Set(parsed.error.issues.map((issue) => issue.message));
    return { ok: false, problem: [...problems].join('; ') };
  }
  const { LOG_LEVEL, CORS_ORIGINS, ...limited } = parsed.data;
  const { CREDENTIAL_RATE_LIMIT, FAILED_AUTHENTICATION_RATE_LIMIT, RESERVATION_RATE_LIMIT, ...kept } =
    limited;
  const { EVENT_RETENTION_DAYS, TASK_RETENTION_DAYS, DELETED_RETENTION_DAYS, ...others } = kept;
  const { REQUEST_COUNTERS, REQUEST_METRICS, RESERVATION_EXPIRATION_MINUTES, ...database } = others;
  return {
    ok: true,
    configuration: {
      logLevel: LOG_LEVEL,
      corsOrigins: CORS_ORIGINS,
      rateLimits: {
        credential: CREDENTIAL_RATE_LIMIT,
        failedAuthentication: FAILED_AUTHENTICATION_RATE_LIMIT,
        reservation: RESERVATION_RATE_LIMIT,
      },
      requestMetrics: REQUEST_METRICS,
      countsRequests: REQUEST_COUNTERS === 'on',
      database,
      retention: {
        eventDays: EVENT_RETENTION_DAYS,
        taskDays: TASK_RETENTION_DAYS,
        deletedDays: DELETED_RETENTION_DAYS,
      },
      reservationMinutes: RESERVATION_EXPIRATION_MINUTES,
    },
  };
}
