import { describe, expect, it } from 'vitest';
import { unrestricted } from '../../src/domain/access.ts';
import { refusal } from '../../src/domain/errors/index.ts';
import { RATE_LIMIT_PERIODS } from '../../src/http/limits.ts';
import type { AccessPolicy } from '../../src/http/middleware/authentication.ts';
import { reservationRateLimit } from '../../src/http/middleware/rate-limit.ts';
import { appUnderTest } from '../support/app.ts';

/** Knows two keys by the names of their callers. */
const ACCESS: AccessPolicy = {
  kind: 'credentials',
  authenticate: (credential) =>
    /^(one|two)$/.test(credential)
      ? { ok: true, caller: unrestricted(credential) }
      : { ok: false, problem: 'unknown_key' },
};

const UNAVAILABLE = refusal('authentication_unavailable', {}, { cause: new Error('no key set') });

/** A limiter that admits so many events of a key, and every key it was asked about. */
function limiterOf(limit: number) {
  const keys: string[] = [];
  const admits = (key: string) => {
    keys.push(key);
    return Promise.resolve(keys.filter((earlier) => earlier === key).length <= limit);
  };
  return { keys, admits };
}

function limitedApp(limits: { credential?: number; failedAuthentication?: number } = {}) {
  const { credential = 2, failedAuthentication = 2 } = limits;
  const requests = limiterOf(credential);
  const failures = limiterOf(failedAuthentication);
  const rateLimiters = { credential: requests.admits, failedAuthentication: failures.admits };
  const app = appUnderTest({ access: ACCESS, rateLimiters });
  const ask = (authorization?: string, address = '203.0.113.7', path = '/nowhere') => {
    const headers = {
      'cf-connecting-ip': address,
      ...(authorization === undefined ? {} : { authorization }),
    };
    return app.get(path, { headers });
  };
  const statuses = async (...asked: ReturnType<typeof ask>[]) =>
    (await Promise.all(asked)).map(({ status }) => status);
  return { app, ask, statuses, requests, failures };
}

describe('the rate limit of reservations', () => {
  it('counts those of each project, and refuses with the time to wait', async () => {
    const { keys, admits } = limiterOf(1);
    const count = reservationRateLimit(admits);
    await count('p');
    await count('q');
    await expect(count('p')).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retry_after_seconds: RATE_LIMIT_PERIODS.reservation },
    });
    expect(keys).toEqual(['p', 'q', 'p']);
  });

  it('is off where there is no limiter', async () => {
    const count = reservationRateLimit(undefined);
    for (let reservation = 0; reservation < 100; reservation += 1) await count('p');
  });
});

describe('the rate limit of a credential', () => {
  it('a request over the limit is refused with the time to wait', async () => {
    const { ask } = limitedApp();
    expect((await ask('Bearer one')).status).toBe(404);
    expect((await ask('Bearer one')).status).toBe(404);
    const { status, headers, body } = await ask('Bearer one');
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('10');
    expect(body).toEqual({
      success: false,
      code: 'rate_limited',
      error: 'Too many requests. Wait 10 seconds before the next one',
      request_id: expect.any(String),
      details: { retry_after_seconds: 10 },
    });
  });

  it('each credential is counted for itself, wherever it comes from', async () => {
    const { ask, statuses, requests } = limitedApp({ credential: 1 });
    const asked = [ask('Bearer one'), ask('Bearer two'), ask('Bearer one', '2001:db8::1')];
    expect(await statuses(...asked)).toEqual([404, 404, 429]);
    expect(requests.keys).toEqual(['one', 'two', 'one']);
  });

  it('the limit is checked before the database, the body and the route', async () => {
    const { app } = limitedApp({ credential: 0 });
    const headers = { authorization: 'Bearer one' };
    for (const [method, path] of [
      ['GET', '/tasks/next?project=p'],
      ['POST', '/tasks/batch'],
      ['PATCH', '/tasks'],
    ] as const) {
      expect((await app.get(path, { method, headers })).status).toBe(429);
    }
  });

  it('the open paths are not limited', async () => {
    const { ask, requests, failures } = limitedApp({ credential: 0, failedAuthentication: 0 });
    expect((await ask('Bearer one', undefined, '/openapi.json')).status).toBe(200);
    expect((await ask(undefined, undefined, '/openapi.json')).status).toBe(200);
    expect([...requests.keys, ...failures.keys]).toEqual([]);
  });

  it('the requests of a credential are not limited without the binding', async () => {
    const app = appUnderTest({ access: ACCESS });
    const headers = { authorization: 'Bearer one' };
    for (let request = 0; request < 20; request += 1) {
      expect((await app.get('/nowhere', { headers })).status).toBe(404);
    }
  });

  it('a browser may read the time to wait', async () => {
    const app = appUnderTest({
      corsOrigins: ['https://agents.example'],
      rateLimiters: { credential: () => Promise.resolve(false) },
    });
    const { headers } = await app.get('/nowhere', { headers: { origin: 'https://agents.example' } });
    expect(headers.get('retry-after')).toBe('10');
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
  });
});

describe('the rate limit of failed authentication', () => {
  it.each([undefined, 'Basic x', 'Bearer wrong'])(
    'a failure over the limit is refused: %s',
    async (authorization) => {
      const { ask, statuses } = limitedApp();
      expect(await statuses(ask(authorization), ask(authorization))).toEqual([401, 401]);
      const { status, headers, body } = await ask(authorization);
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBe('60');
      expect(headers.get('www-authenticate')).toBeNull();
      expect(body).toMatchObject({ code: 'rate_limited', details: { retry_after_seconds: 60 } });
    },
  );

  it.each([
    ['cannot be told', { kind: 'credentials', authenticate: () => Promise.reject(UNAVAILABLE) }, 503],
    [
      'is told wrong by a fault',
      { kind: 'credentials', authenticate: () => Promise.reject(new Error()) },
      500,
    ],
    ['is nobody', { kind: 'closed', reason: refusal('authentication_not_configured', {}) }, 500],
  ] as const)('no failure is counted where it %s who asked', async (_, access, expected) => {
    const failures = limiterOf(0);
    const app = appUnderTest({ access, rateLimiters: { failedAuthentication: failures.admits } });
    const { status } = await app.get('/nowhere', { headers: { authorization: 'Bearer one' } });
    expect(status).toBe(expected);
    expect(failures.keys).toEqual([]);
  });

  it('a valid credential is never refused for failures from its address', async () => {
    const { ask, statuses, failures } = limitedApp({ failedAuthentication: 0 });
    expect(await statuses(ask('Bearer wrong'), ask('Bearer one'))).toEqual([429, 404]);
    expect(failures.keys).toEqual(['203.0.113.7']);
  });

  it('the log shows a failure over the limit like those before it', async () => {
    const { app, ask } = limitedApp({ failedAuthentication: 0 });
    await ask('Bearer wrong-credential');
    expect(app.log).toEqual([
      expect.objectContaining({ status: 429, credential_prefix: 'wrong-cr', client_address: '203.0.113.7' }),
    ]);
  });

  it('a failed authentication counts against no credential', async () => {
    const { ask, requests } = limitedApp();
    await ask('Bearer wrong');
    expect(requests.keys).toEqual([]);
  });

  it('each network is counted for itself, the addresses of one /64 together', async () => {
    const { ask, failures } = limitedApp();
    for (const address of ['203.0.113.7', '2001:db8:1:2::3', '2001:db8:1:2:3:4:5:6']) {
      await ask('Bearer wrong', address);
    }
    expect(failures.keys).toEqual(['203.0.113.7', '2001:db8:1:2::/64', '2001:db8:1:2::/64']);
  });

  it('failed authentications are not limited without the binding', async () => {
    const app = appUnderTest({ access: ACCESS });
    for (let request = 0; request < 20; request += 1) expect((await app.get('/nowhere')).status).toBe(401);
  });
});
