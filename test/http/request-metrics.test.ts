import { createExecutionContext } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/domain/access.ts';
import { BLOBS, DOUBLES, dataPointWriter } from '../../src/http/data-points.ts';
import type { AccessPolicy } from '../../src/http/middleware/authentication.ts';
import { requestCounters } from '../../src/http/request-counters.ts';
import type { RequestFigures } from '../../src/http/request-figures.ts';
import worker from '../../src/index.ts';
import { type AppUnderTest, type AppUnderTestOptions, appUnderTest } from '../support/app.ts';
import { openTestDatabase } from '../support/database.ts';
import { mcpOver } from '../support/mcp.ts';

/** The service with what it measured of its requests, by a clock that each look at it moves by 20 ms. */
function measured(options: AppUnderTestOptions = {}) {
  const figures: RequestFigures[] = [];
  let time = 0;
  const now = () => {
    time += 20;
    return time;
  };
  const measuring = { now, observers: [(each: RequestFigures) => figures.push(each)] };
  return { app: appUnderTest({ ...options, measuring }), figures };
}

describe('what is measured of a request', () => {
  let hyperdrive: string;

  beforeAll(async () => {
    hyperdrive = (await openTestDatabase()).hyperdrive;
  });

  it('a request is measured by the pattern of its route and never by its path', async () => {
    const { app, figures } = measured({ connectionString: hyperdrive });
    await app.add('p', 'TASK-1');
    await app.get('/tasks/TASK-1?project=p');
    await app.get('/tasks/next?project=p');
    await app.move('p', 'TASK-1', { status: 'in_progress' });
    await app.send('/tasks?project=p', { method: 'HEAD' });
    expect(figures.map(({ method, route, status_class }) => [method, route, status_class])).toEqual([
      ['POST', '/tasks/batch', '2xx'],
      ['GET', '/tasks/{task_id}', '2xx'],
      ['GET', '/tasks/next', '2xx'],
      ['PUT', '/tasks/{task_id}/status', '2xx'],
      ['HEAD', '/tasks', '2xx'],
    ]);
    expect(JSON.stringify(figures)).not.toContain('TASK-1');
  });

  it('a request is measured with its time, that at the database and its statements', async () => {
    const { app, figures } = measured({ connectionString: hyperdrive });
    await app.get('/tasks?project=p');
    await app.get('/openapi.json');
    expect(figures).toEqual([
      expect.objectContaining({ duration_ms: 20, database_ms: expect.any(Number), statements: 1 }),
      expect.objectContaining({ duration_ms: 20, database_ms: 0, statements: 0 }),
    ]);
    expect(figures[0]?.database_ms).toBeGreaterThan(0);
  });

  it('an error is measured by its code, and what leads nowhere as other', async () => {
    const { app, figures } = measured({ connectionString: hyperdrive });
    await app.get('/tasks/TASK-404?project=p');
    await app.get('/nowhere/a-secret');
    await app.send('/tasks', { method: 'PROPFIND' });
    await app.post('/tasks/batch', '{');
    expect(figures.map(({ method, route, code }) => [method, route, code])).toEqual([
      ['GET', '/tasks/{task_id}', 'task_not_found'],
      ['GET', 'other', 'route_not_found'],
      ['other', 'other', 'method_not_allowed'],
      ['POST', '/tasks/batch', 'malformed_json'],
    ]);
  });

  it('a call of a tool is measured with its name and the code of its failure', async () => {
    const { app, figures } = measured({ connectionString: hyperdrive });
    await mcpOver(app).call('get_task', { project: 'p', task_id: 'TASK-404' });
    expect(figures).toEqual([
      expect.objectContaining({
        route: '/mcp',
        status_class: '2xx',
        tool: 'get_task',
        code: 'task_not_found',
        statements: 1,
      }),
    ]);
  });
});

describe('the data points of requests', () => {
  const FIGURES = {
    route: '/tasks/next',
    method: 'GET',
    status_class: '2xx',
    duration_ms: 3,
    database_ms: 2,
    statements: 1,
  };

  it('a data point has its figures in the places that the documentation names', () => {
    const points: unknown[] = [];
    dataPointWriter({ writeDataPoint: (point) => points.push(point) })(FIGURES);
    expect(points).toEqual([
      { indexes: ['/tasks/next'], blobs: ['/tasks/next', 'GET', '2xx', '', ''], doubles: [3, 2, 1] },
    ]);
    expect([BLOBS.length, DOUBLES.length]).toEqual([5, 3]);
  });

  it('the Worker writes one data point for each request, and a binding that fails fails none', async () => {
    const points: AnalyticsEngineDataPoint[] = [];
    const REQUEST_METRICS = {
      writeDataPoint(point: AnalyticsEngineDataPoint) {
        points.push(point);
        throw new Error('too many');
      },
    };
    const env = {
      DATABASE_DRIVER: 'neon',
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
      LOG_LEVEL: 'silent',
      REQUEST_METRICS,
    };
    for (const path of ['/nowhere', '/tasks?project=p']) {
      const request = new Request(`http://service.test${path}`);
      await worker.fetch(request, env, createExecutionContext());
    }
    expect(points.map(({ blobs }) => blobs?.slice(0, 4))).toEqual([
      ['other', 'GET', '5xx', 'not_configured'],
      ['/tasks', 'GET', '5xx', 'not_configured'],
    ]);
  });
});

describe('the counters of one process', () => {
  const counted = (...durations: number[]) => {
    const counters = requestCounters(1_500);
    for (const duration_ms of durations)
      counters.observe({
        route: '/tasks',
        method: 'GET',
        status_class: '2xx',
        duration_ms,
        database_ms: 0,
        statements: 0,
      });
    return counters.totals();
  };

  it('a duration counts in its bucket and in every longer one', () => {
    const { since, routes } = counted(5, 5.1, 20_000);
    expect(since).toBe(1.5);
    expect(routes[0]?.durations).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3]);
    expect(routes[0]?.duration_seconds).toBeCloseTo(20.0101);
  });

  it('requests of anything do not make the counters grow', async () => {
    const counters = requestCounters(0);
    const app = appUnderTest({ measuring: { now: () => 0, observers: [], counters } });
    for (let index = 0; index < 50; index += 1) {
      await app.send(`/tasks/${index}?project=p${index}`, { method: 'OPTIONS' });
      await app.send(`/${index}`, { method: index % 2 === 0 ? 'PROPFIND' : 'REPORT' });
    }
    expect(counters.totals().routes.map(({ method, route }) => [method, route])).toEqual([
      ['OPTIONS', 'other'],
      ['other', 'other'],
    ]);
  });
});

describe('GET /metrics where one process serves all', () => {
  let hyperdrive: string;

  beforeAll(async () => {
    hyperdrive = (await openTestDatabase()).hyperdrive;
  });

  const counting = (caller?: Partial<Caller>) => {
    const measuring = { now: () => 0, observers: [], counters: requestCounters(12_000) };
    const someone: Caller = { name: 'test', projects: '*', scopes: ['read', 'admin'], ...caller };
    const access: AccessPolicy = {
      kind: 'credentials',
      authenticate: () => ({ ok: true, caller: someone }),
    };
    return appUnderTest({ connectionString: hyperdrive, measuring, access });
  };
  const WITH_CREDENTIAL = { headers: { authorization: 'Bearer x' } };
  const metricsOf = async (app: Pick<AppUnderTest, 'send'>) =>
    (await (await app.send('/metrics', WITH_CREDENTIAL)).text()).split('\n');

  it('GET /metrics counts requests by route and class, their errors and their times', async () => {
    const app = counting();
    for (const path of ['/tasks?project=p', '/tasks?project=p', '/tasks/TASK-404?project=p', '/nowhere'])
      await app.send(path, WITH_CREDENTIAL);
    expect(await metricsOf(app)).toEqual(
      expect.arrayContaining([
        'process_start_time_seconds 12',
        '# TYPE http_requests_total counter',
        'http_requests_total{method="GET",route="/tasks",status_class="2xx"} 2',
        'http_requests_total{method="GET",route="other",status_class="4xx"} 1',
        'http_request_errors_total{method="GET",route="/tasks/{task_id}",code="task_not_found"} 1',
        '# TYPE http_request_duration_seconds histogram',
        'http_request_duration_seconds_bucket{method="GET",route="/tasks",le="0.005"} 2',
        'http_request_duration_seconds_bucket{method="GET",route="/tasks",le="+Inf"} 2',
        'http_request_duration_seconds_sum{method="GET",route="/tasks"} 0',
        'http_request_duration_seconds_count{method="GET",route="/tasks"} 2',
      ]),
    );
  });

  it('GET /metrics tells of requests only to a credential of every project', async () => {
    const lines = await metricsOf(counting({ projects: ['p'] }));
    expect(lines.filter((line) => line.includes('http_') || line.includes('process_'))).toEqual([]);
  });

  it('GET /metrics tells nothing of requests where nothing counts them', async () => {
    const text = await (await appUnderTest({ connectionString: hyperdrive }).send('/metrics')).text();
    expect(text).not.toContain('http_');
  });
});
