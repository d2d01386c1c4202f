import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { OPEN_PATHS } from '../../src/http/middleware/authentication.ts';
import { MCP_PATH } from '../../src/mcp/serve.ts';
import { partsOf } from '../../src/rest/parts.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import { keysFor } from '../support/credentials.ts';
import { EVERY_OPERATION } from '../support/operations.ts';
import { clockThatSleepMoves, NO_HEALTH, NO_PAUSES, readAsset } from '../support/options.ts';
import { operationOf } from '../support/requests.ts';

const { access } = keysFor({});
const app = createApp({
  readAsset,
  waits: clockThatSleepMoves(),
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
  pauses: NO_PAUSES,
  version: '0.0.0-test',
});

const pathLike = (pattern: string) => pattern.replaceAll(/:\w+/g, 'TASK-1').replaceAll('*', 'x');

/** A path of the table as the router has it. */
const patternOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

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

  it.each(endpoints)(
    'runs an operation for %s, which knows its scope, unless it tells of health or is another door',
    (endpoint) => {
      const [method = '', path = ''] = endpoint.split(' ');
      if (OPEN_PATHS.has(path) || path === '/ready' || path === MCP_PATH) return;
      const row = ROUTES.find((it) => it.method.toUpperCase() === method && patternOf(it.path) === path);
      const scope = row && operationOf(row).scope;
      const isRead = method === 'GET' && row?.hasNoHead !== true;
      expect(isRead ? ['read', 'admin'] : ['write', 'admin']).toContain(scope);
    },
  );

  it.each(ROUTES)('reads every field of $operation from one part of $method $path', (row) => {
    const operation = operationOf(row);
    const { inPath, inQuery, inBody, left } = partsOf(row, operation);
    expect([...inPath, ...inQuery, ...inBody].sort()).toEqual(Object.keys(operation.input.fields).sort());
    expect(left).toEqual([]);
  });

  it('has a route for every operation', () => {
    expect(new Set(ROUTES.map(({ operation }) => operation))).toEqual(
      new Set(EVERY_OPERATION.map(({ name }) => name)),
    );
  });

  it('only the description, the reference page and the health are open', () => {
    expect([...OPEN_PATHS]).toEqual([
      '/health',
      '/openapi.json',
      '/docs',
      '/docs.css',
      '/docs.js',
      '/board',
      '/board.js',
      '/board-layout.js',
    ]);
  });
});
