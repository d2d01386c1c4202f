import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { OPEN_PATHS } from '../../src/http/middleware/authentication.ts';
import { GUARDS } from '../../src/http/requires.ts';
import { keysFor } from '../support/credentials.ts';
import { NO_HEALTH } from '../support/options.ts';

const { access } = keysFor({});
const app = createApp({
  logLevel: 'silent',
  log: { write: () => undefined, wallClock: () => 0 },
  now: () => 0,
  rateLimiters: {},
  corsOrigins: [],
  access,
  openDatabase: () => {
    throw new Error('A stranger got as far as the database');
  },
  health: NO_HEALTH,
  version: '0.0.0-test',
});

const pathLike = (pattern: string) => pattern.replaceAll(/:\w+/g, 'TASK-1').replaceAll('*', 'x');

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const patterns = [...new Set(app.routes.map(({ path }) => path))].filter((path) => path !== '/*');

/** The routes that answer something themselves; those for every method are chain links and refusals. */
const served = app.routes.filter(({ method }) => method !== 'ALL');
const endpoints = [...new Set(served.map(({ method, path }) => `${method} ${path}`))];

describe('the routing table', () => {
  it('the routing table is not empty', () => {
    expect(endpoints.length).toBeGreaterThan(5);
  });

  it.each(patterns)(
    'the path %s serves nobody without a credential, by any method, unless it is open',
    async (pattern) => {
      for (const method of METHODS) {
        const { status } = await app.request(pathLike(pattern), { method });
        if (OPEN_PATHS.has(pattern)) expect(status).not.toBe(401);
        else expect([method, status]).toEqual([method, 401]);
      }
    },
  );

  it.each(endpoints)('the route %s says what it requires unless it is open', (endpoint) => {
    const handlers = served.filter(({ method, path }) => `${method} ${path}` === endpoint);
    const guards = Object.entries(GUARDS).filter(([, guard]) =>
      handlers.some(({ handler }) => handler === guard),
    );
    const [method, path = ''] = endpoint.split(' ');
    if (OPEN_PATHS.has(path)) return expect(guards).toEqual([]);
    expect(guards).toHaveLength(1);
    const usual = method === 'GET' ? ['read', 'admin', 'credential'] : ['write', 'admin'];
    expect(usual).toContain(guards[0]?.[0]);
  });

  it('only the description and the health are open', () => {
    expect([...OPEN_PATHS]).toEqual(['/health', '/openapi.json']);
  });
});
