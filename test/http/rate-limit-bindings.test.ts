import { createExecutionContext, env } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import worker from '../../src/index.ts';

/** The limit of failed authentication in wrangler.toml, whose binding is the real one of the local runtime. */
const LIMIT = 10;
const KEY = 'a-key-of-more-than-thirty-two-bytes-0123456789';

interface Bindings {
  readonly CREDENTIAL_RATE_LIMIT: RateLimit;
  readonly FAILED_AUTHENTICATION_RATE_LIMIT: RateLimit;
}

// vitest.config.ts declares the bindings of wrangler.toml.
const { FAILED_AUTHENTICATION_RATE_LIMIT: tenAMinute } = env as unknown as Bindings;

/** The Worker with a configuration; the database is never needed. */
function workerWith(bindings: Partial<Bindings>) {
  const variables = {
    DATABASE_DRIVER: 'neon',
    DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
    LOG_LEVEL: 'silent',
    API_KEY: KEY,
    ...bindings,
  };
  return async (credential: string, address: string) => {
    const headers = { authorization: `Bearer ${credential}`, 'cf-connecting-ip': address };
    const request = new Request('http://service.test/nowhere', { headers });
    return (await worker.fetch(request, variables, createExecutionContext())).status;
  };
}

/** The answers to so many requests that, wherever a period of the limiter ends among them, one must be too many. */
async function answersTo(ask: () => Promise<number>): Promise<number[]> {
  const statuses: number[] = [];
  for (let request = 0; request <= 2 * LIMIT; request += 1) statuses.push(await ask());
  return statuses;
}

describe('the real rate limiting bindings', () => {
  it('the binding limits the failures of an address and lets a valid credential through', async () => {
    const ask = workerWith({ FAILED_AUTHENTICATION_RATE_LIMIT: tenAMinute });
    const statuses = await answersTo(() => ask('wrong', '198.51.100.1'));
    expect(statuses.slice(0, LIMIT)).toEqual(Array(LIMIT).fill(401));
    expect(statuses).toContain(429);
    expect(await ask(KEY, '198.51.100.1')).toBe(404);
    expect(await ask('wrong', '198.51.100.2')).toBe(401);
  });

  it('the binding limits the requests of a credential', async () => {
    const ask = workerWith({ CREDENTIAL_RATE_LIMIT: tenAMinute });
    const statuses = await answersTo(() => ask(KEY, '198.51.100.3'));
    expect(statuses.slice(0, LIMIT)).toEqual(Array(LIMIT).fill(404));
    expect(statuses).toContain(429);
  });

  it('bindings that fail stop nobody', async () => {
    const limit = vi.fn(() => Promise.reject(new Error('unavailable')));
    const ask = workerWith({ CREDENTIAL_RATE_LIMIT: { limit }, FAILED_AUTHENTICATION_RATE_LIMIT: { limit } });
    expect(await ask(KEY, '198.51.100.4')).toBe(404);
    expect(await ask('wrong', '198.51.100.4')).toBe(401);
    expect(limit).toHaveBeenCalledTimes(2);
  });
});
