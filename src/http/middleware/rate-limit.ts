import { refusal } from '../../domain/errors/index.ts';
import { networkOf } from '../client-address.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { RATE_LIMIT_PERIODS } from '../limits.ts';

/** Counts one event of a key; resolves with whether it is within the limit. */
export type RateLimiter = (key: string) => Promise<boolean>;

/** An absent limiter limits nothing. */
export interface RateLimiters {
  /** By the name of the credential. */
  readonly credential?: RateLimiter | undefined;
  /** By the network of the client. */
  readonly failedAuthentication?: RateLimiter | undefined;
  /** By the project whose ids are reserved. */
  readonly reservation?: RateLimiter | undefined;
}

/** Limits the requests of each credential; open paths pass. */
export function credentialRateLimit(limiter: RateLimiter): AppMiddleware {
  return async (c, next) => {
    await limitCredential(c, limiter);
    await next();
  };
}

/** Counts one request of the caller, if one is known; refuses with `rate_limited`. */
export async function limitCredential(c: AppContext, limiter: RateLimiter): Promise<void> {
  const caller = c.get('caller');
  if (caller !== undefined && !(await limiter(caller.name))) refuse(RATE_LIMIT_PERIODS.credential);
}

/** Runs only after a credential proved wrong, so failures never lock out a valid one from the same address. */
export async function limitFailedAuthentication(
  c: AppContext,
  limiter: RateLimiters['failedAuthentication'],
): Promise<void> {
  if (limiter === undefined) return;
  const network = networkOf(c.req.header('cf-connecting-ip') ?? 'unknown');
  if (!(await limiter(network))) refuse(RATE_LIMIT_PERIODS.failedAuthentication);
}

/** Counts the reservations of a project, whoever makes them; they are refused with `rate_limited`. */
export function reservationRateLimit(limiter: RateLimiter | undefined): (project: string) => Promise<void> {
  return async (project) => {
    if (limiter !== undefined && !(await limiter(project))) refuse(RATE_LIMIT_PERIODS.reservation);
  };
}

/** The bindings do not tell when the period ends, so Retry-After names all of it. */
function refuse(periodSeconds: number): never {
  throw refusal('rate_limited', { retry_after_seconds: periodSeconds });
}
