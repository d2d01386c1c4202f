import { describe, expect, it } from 'vitest';
import { isPostgresUrl } from '../../src/config/database.ts';
import { parseEnvironment } from '../../src/config/environment.ts';

const HYPERDRIVE = { DATABASE_DRIVER: 'hyperdrive', HYPERDRIVE: { connectionString: 'postgres://h' } };
const NEON = { DATABASE_DRIVER: 'neon', DATABASE_URL: 'postgres://user:secret@host/database' };

describe('the environment', () => {
  it('everything but the database has a default', () => {
    expect(parseEnvironment(HYPERDRIVE)).toEqual({
      ok: true,
      configuration: {
        logLevel: 'info',
        corsOrigins: [],
        rateLimits: { credential: undefined, failedAuthentication: undefined, reservation: undefined },
        requestMetrics: undefined,
        countsRequests: false,
        database: { driver: 'hyperdrive', connectionString: 'postgres://h' },
        retention: { eventDays: 30, taskDays: null, deletedDays: 30 },
        reservationMinutes: 15,
      },
    });
  });

  it('retention is a number of days, or off', () => {
    const parsed = parseEnvironment({
      ...NEON,
      EVENT_RETENTION_DAYS: 'OFF',
      TASK_RETENTION_DAYS: ' 90 ',
      DELETED_RETENTION_DAYS: '7',
    });
    expect(parsed).toMatchObject({
      configuration: { retention: { eventDays: null, taskDays: 90, deletedDays: 7 } },
    });
  });

  it('reservations of ids wait for a whole number of minutes', () => {
    const parsed = parseEnvironment({ ...NEON, RESERVATION_EXPIRATION_MINUTES: ' 60 ' });
    expect(parsed).toMatchObject({ configuration: { reservationMinutes: 60 } });
  });

  it('the neon driver is taken with its secret', () => {
    const parsed = parseEnvironment({ ...NEON, LOG_LEVEL: 'WARN', CORS_ORIGINS: ' https://a.example, * ' });
    expect(parsed).toMatchObject({
      ok: true,
      configuration: {
        logLevel: 'warn',
        corsOrigins: ['https://a.example', '*'],
        database: { driver: 'neon', connectionString: NEON.DATABASE_URL },
      },
    });
  });

  it('the rate limiting bindings are taken as they are', () => {
    const [first, second, third] = [0, 1, 2].map(() => ({ limit: () => Promise.resolve({ success: true }) }));
    const parsed = parseEnvironment({
      ...NEON,
      CREDENTIAL_RATE_LIMIT: first,
      FAILED_AUTHENTICATION_RATE_LIMIT: second,
      RESERVATION_RATE_LIMIT: third,
    });
    const { credential, failedAuthentication, reservation } = parsed.ok
      ? parsed.configuration.rateLimits
      : {};
    expect(credential).toBe(first);
    expect(failedAuthentication).toBe(second);
    expect(reservation).toBe(third);
  });

  it('what is told of requests is a binding and a choice', () => {
    const REQUEST_METRICS = { writeDataPoint: () => undefined };
    const parsed = parseEnvironment({ ...NEON, REQUEST_METRICS, REQUEST_COUNTERS: 'On' });
    const { requestMetrics, countsRequests } = parsed.ok ? parsed.configuration : {};
    expect(requestMetrics).toBe(REQUEST_METRICS);
    expect(countsRequests).toBe(true);
  });

  it.each([
    ['no driver', {}, 'set DATABASE_DRIVER to hyperdrive or neon'],
    ['an unknown driver', { DATABASE_DRIVER: 'mysql' }, 'set DATABASE_DRIVER'],
    ['no binding', { DATABASE_DRIVER: 'hyperdrive' }, 'add the binding HYPERDRIVE'],
    ['a rate limit of another kind', { ...NEON, CREDENTIAL_RATE_LIMIT: '2000' }, 'under [[ratelimits]]'],
    [
      'a rate limit without a method',
      { ...NEON, CREDENTIAL_RATE_LIMIT: { limit: 5 } },
      'under [[ratelimits]]',
    ],
    [
      'a text in place of a dataset',
      { ...NEON, REQUEST_METRICS: 'mysql' },
      'under [[analytics_engine_datasets]]',
    ],
    ['a choice that is none', { ...NEON, REQUEST_COUNTERS: 'mysql' }, 'set REQUEST_COUNTERS to on or off'],
    ['no rate limit', { ...NEON, FAILED_AUTHENTICATION_RATE_LIMIT: null }, 'under [[ratelimits]]'],
    [
      'no number of days',
      { ...NEON, TASK_RETENTION_DAYS: '-1' },
      'set TASK_RETENTION_DAYS to a number of days',
    ],
    ['a part of a day', { ...NEON, EVENT_RETENTION_DAYS: '0.5' }, 'set EVENT_RETENTION_DAYS'],
    ['no secret', { DATABASE_DRIVER: 'neon' }, 'set the secret DATABASE_URL'],
    [
      'a password that needs encoding',
      { ...NEON, DATABASE_URL: 'postgres://u:mysql/pw@h/d' },
      'percent-encoded',
    ],
    ['a secret without a database', { ...NEON, DATABASE_URL: 'postgres://mysql:p@h' }, 'set the secret'],
    ['a secret without a user', { ...NEON, DATABASE_URL: 'postgres://host/mysql' }, 'set the secret'],
    ['a secret with an empty database', { ...NEON, DATABASE_URL: 'postgres://u:p@h/' }, 'set the secret'],
    ['a secret without a host', { ...NEON, DATABASE_URL: 'postgres:///mysql' }, 'set the secret'],
    ['a secret of a like scheme', { ...NEON, DATABASE_URL: 'postgresqlx://u:p@h/d' }, 'set the secret'],
    ['a secret of a longer scheme', { ...NEON, DATABASE_URL: 'xpostgres://u:p@h/d' }, 'set the secret'],
    ['a binding of another kind', { ...HYPERDRIVE, HYPERDRIVE: 'mysql' }, 'add the binding HYPERDRIVE'],
    [
      'a secret of another kind',
      { ...NEON, DATABASE_URL: 'mysql://secret' },
      'postgres://user:password@host',
    ],
    [
      'an unknown level',
      { ...NEON, LOG_LEVEL: 'verbose' },
      'set LOG_LEVEL to one of info, warn, error, silent',
    ],
    ['an origin that is none', { ...NEON, CORS_ORIGINS: 'https://a.example, b' }, 'separated by commas'],
    ['an origin with a path', { ...NEON, CORS_ORIGINS: 'https://a.example/x' }, 'set CORS_ORIGINS'],
  ])('an environment with %s is refused with what to set', (_, env, remedy) => {
    const parsed = parseEnvironment(env);
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(remedy) });
    expect(JSON.stringify(parsed)).not.toContain('mysql');
  });

  it('an empty variable counts as not set', () => {
    const parsed = parseEnvironment({ ...HYPERDRIVE, LOG_LEVEL: '', CORS_ORIGINS: '' });
    expect(parsed).toMatchObject({ ok: true, configuration: { logLevel: 'info', corsOrigins: [] } });
  });

  it('either scheme of Postgres is taken, and empty origins are skipped', () => {
    const DATABASE_URL = 'postgresql://user:secret@host/d';
    const CORS_ORIGINS = ',https://a.example,,https://b.example:8443,';
    expect(parseEnvironment({ ...NEON, DATABASE_URL, CORS_ORIGINS })).toMatchObject({
      ok: true,
      configuration: {
        corsOrigins: ['https://a.example', 'https://b.example:8443'],
        database: { driver: 'neon', connectionString: DATABASE_URL },
      },
    });
  });

  it('the problems are separated by semicolons', () => {
    expect(parseEnvironment({ ...NEON, LOG_LEVEL: 'loud', CORS_ORIGINS: 'x' })).toMatchObject({
      problem: expect.stringMatching(/^set LOG_LEVEL [^;]*; set CORS_ORIGINS [^;]*$/),
    });
  });

  it('everything that is missing is named at once', () => {
    const parsed = parseEnvironment({ DATABASE_DRIVER: 'neon', LOG_LEVEL: 'loud' });
    expect(parsed).toMatchObject({ problem: expect.stringMatching(/LOG_LEVEL.*DATABASE_URL/) });
  });
});

describe('a connection string', () => {
  it.each(['postgres://host', 'postgresql://u:p@host:5432/d'])('%s names a server', (url) => {
    expect(isPostgresUrl(url)).toBe(true);
  });

  it.each(['postgres:///d', 'postgres:host', 'mysql://host/d', 'host/d', ''])('%j names no server', (url) => {
    expect(isPostgresUrl(url)).toBe(false);
  });
});
