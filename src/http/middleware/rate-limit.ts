import { refusal } from '../../domain/errors/index.ts';
import { networkOf } from '../client-address.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { RATE_LIMIT_PERIODS } from '../limits.ts';

/** Counts one more event of a key and tells whether it is still within the limit. */
export type RateLimiter = (key: string) => Promise<boolean>;

/** What is limited; where a limiter is absent, nothing is. */
export interface RateLimiters {
  /** The requests of one credential, by its name. */
  readonly credential?: RateLimiter | undefined;
  /** The failed authentications of one client, by its network. */
  readonly failedAuthentication?: RateLimiter | undefined;
}

/** Limits the requests of each credential; those to open paths have none and pass. */
export function credentialRateLimit(limiter: RateLimiters['credential']): AppMiddleware {
  if (limiter === undefined) return (_, next) => next();
  return async (c, next) => {
    const { caller } = c.var;
    if (caller !== undefined && !(await limiter(caller.name))) refuse(c, RATE_LIMIT_PERIODS.credential);
    await next();
  };
}

/**
 * Counts a failed authentication against the client's network and refuses one too many. It is asked only after the
 * credential proved wrong, so nobody's failures ever lock out a valid credential that comes from the same address.
 */
export async function limitFailedAuthentication(
  c: AppContext,
  limiter: RateLimiters['failedAuthentication'],
): Promise<void> {
  if (limiter === undefined) return;
  const network = networkOf(c.req.header('cf-connecting-ip') ?? 'unknown');
  if (!(await limiter(network))) refuse(c, RATE_LIMIT_PERIODS.failedAuthentication);
}

/** The bindings do not tell when the period ends, so the whole of it is named: it is never too early then. */
function refuse(c: AppContext, periodSeconds: number): never {
  c.header('Retry-After', String(periodSeconds));
  throw refusal('rate_limited', { retry_after_seconds: periodSeconds });
}
