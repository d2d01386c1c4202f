import { describe, expect, it } from 'vitest';
import { type CallOptions, type ClientOptions, createClient, TaskTrackerError } from '../../client/index.ts';
import { OPERATIONS } from '../../client/schema.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import { tokenOf } from '../support/claim-token.ts';
import { answer, fakeService, refuse } from '../support/fake-service.ts';
import { manualTimers } from '../support/manual-timers.ts';

const BASE = 'http://service.test';
const TASK = { task_id: 'TASK-1', project: 'p' };
const ok = () => answer({ success: true });
const lost = () => new TypeError('fetch failed');
const silence = () => 'silence' as const;

/** A client of a service that gives these replies, on a clock that the test moves; chance takes nothing off. */
function clientOf(replies: Parameters<typeof fakeService>, more: Partial<ClientOptions> = {}) {
  const service = fakeService(...replies);
  const timers = manualTimers();
  const { fetch } = service;
  const client = createClient({ baseUrl: BASE, fetch, clock: timers.clock, random: () => 0, ...more });
  return { ...service, client, timers };
}

/** The error of a read, after all the time that it could take has passed. */
async function errorOf(replies: Parameters<typeof fakeService>, options: CallOptions = {}) {
  const { client, seen, timers } = clientOf(replies);
  const error = client.getTask(TASK, options).catch((reason: unknown) => reason);
  await timers.pass(600_000);
  return { error: await error, seen };
}

describe('the methods of the client', () => {
  it('each operation of the service has a method', () => {
    const ids = ROUTES.map(({ names }) => names.id);
    expect(Object.keys(OPERATIONS).sort()).toEqual([...ids, 'getHealth', 'getReadiness'].sort());
    expect(Object.keys(createClient({ baseUrl: BASE }))).toEqual([
      ...Object.keys(OPERATIONS),
      'tasks',
      'events',
      'exportLines',
      'importAll',
    ]);
  });

  it('the fields of a read go into its path and query', async () => {
    const { client, seen } = clientOf([ok]);
    await client.getTask({ task_id: 'TASK/1', project: 'a b&c' });
    expect(seen[0]).toMatchObject({
      method: 'GET',
      path: '/tasks/TASK%2F1?project=a+b%26c',
      body: undefined,
    });
  });

  it('the fields of a write go into its path, query and body', async () => {
    const { client, seen } = clientOf([ok]);
    await client.updateTaskStatus({
      ...TASK,
      status: 'completed',
      claim_token: tokenOf(7),
      completion_notes: null,
    });
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      path: '/tasks/TASK-1/status?project=p',
      body: { status: 'completed', claim_token: tokenOf(7), completion_notes: null },
    });
    expect(seen[0]?.headers.get('content-type')).toBe('application/json');
  });

  it('the key is sent as a bearer credential, and no key is no credential', async () => {
    const withKey = clientOf([ok], { key: 'secret' });
    await withKey.client.getTask(TASK);
    expect(withKey.seen[0]?.headers.get('authorization')).toBe('Bearer secret');
    const without = clientOf([ok], { key: '' });
    await without.client.getTask(TASK);
    expect(without.seen[0]?.headers.get('authorization')).toBeNull();
  });

  it.each(['http://service.test/tracker', 'http://service.test/tracker/'])(
    'a path in the base URL %s is kept',
    async (baseUrl) => {
      const { client, seen } = clientOf([ok], { baseUrl });
      await client.getTask(TASK);
      expect(seen[0]?.path).toBe('/tracker/tasks/TASK-1?project=p');
    },
  );

  it.each(['', 'service.test', 'file:///tasks'])('the base URL "%s" is refused at once', (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(TypeError);
  });

  it('the metrics are text', async () => {
    const { client } = clientOf([() => answer('# HELP tasks')]);
    expect(await client.getMetrics()).toBe('# HELP tasks');
  });
});

describe('errors of the client', () => {
  it('a refusal has its code, status, details, hint and request id', async () => {
    const details = { reason: 'claim_lost', hint: 'POST /tasks/claim' };
    const { error, seen } = await errorOf([() => refuse(409, 'claim_lost', {}, details)]);
    expect(error).toBeInstanceOf(TaskTrackerError);
    expect(error).toMatchObject({
      name: 'TaskTrackerError',
      message: 'It is claim_lost',
      code: 'claim_lost',
      status: 409,
      details,
      hint: 'POST /tasks/claim',
      requestId: 'request-1',
      isTransient: false,
    });
    expect(seen).toHaveLength(1);
  });

  it('a lost connection is an error with its cause', async () => {
    const { error } = await errorOf([lost], { retries: 0 });
    expect(error).toMatchObject({ code: 'connection_failed', status: undefined, cause: lost() });
  });

  it('an answer that is no JSON is an error, of a success too', async () => {
    const page = await errorOf([() => answer('<html>', 404, { 'x-request-id': 'of-header' })]);
    expect(page.error).toMatchObject({ code: 'unexpected_answer', status: 404, requestId: 'of-header' });
    const success = await errorOf([() => answer('<html>')]);
    expect(success.error).toMatchObject({ code: 'unexpected_answer', status: 200 });
  });

  it('a service that is not ready is an error with what it says', async () => {
    const { client } = clientOf([() => answer({ status: 'degraded' }, 503)]);
    const error: unknown = await client.getReadiness({}, { retries: 0 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 503, details: { status: 'degraded' } });
  });
});

describe('the timeout of the client', () => {
  it('an attempt without an answer ends after 15 seconds', async () => {
    const { client, timers } = clientOf([silence], { retries: 0 });
    const error = client.getTask(TASK).catch((reason: unknown) => reason);
    await timers.pass(14_999);
    expect(timers.running()).toEqual([15_000]);
    await timers.pass(1);
    expect(await error).toMatchObject({ code: 'timeout', status: undefined });
  });

  it('an attempt may take as long as it asks the service to wait, and 15 seconds more', async () => {
    const { client, timers } = clientOf([silence], { retries: 0 });
    const error = client
      .claimTask({ project_id: 'p', agent_id: 'a', wait_seconds: 50 })
      .catch((reason) => reason);
    await timers.pass(64_999);
    expect(timers.running()).toEqual([65_000]);
    await timers.pass(1);
    expect(await error).toMatchObject({ code: 'timeout' });
  });

  it('an answer whose body does not end is a timeout', async () => {
    const fetch = (_: string, { signal }: RequestInit) => {
      const body = new ReadableStream({
        start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
      });
      return Promise.resolve(new Response(body));
    };
    const { client, timers } = clientOf([], { fetch, timeout: 500, retries: 0 });
    const error = client.getTask(TASK).catch((reason: unknown) => reason);
    await timers.pass(500);
    expect(await error).toMatchObject({ code: 'timeout' });
  });

  it('a call has a timeout of its own', async () => {
    const { error } = await errorOf([silence], { timeout: 10, retries: 0 });
    expect(error).toMatchObject({ message: 'GET /tasks/TASK-1 got no answer: none came within 10 ms' });
  });

  it('an answered call leaves no timer behind', async () => {
    const { client, timers } = clientOf([ok]);
    await client.getTask(TASK);
    expect(timers.asked).toEqual([15_000]);
    expect(timers.running()).toEqual([]);
  });
});

describe('the signal of a call', () => {
  it('a call that is aborted ends and is not repeated', async () => {
    const { client, seen } = clientOf([silence]);
    const controller = new AbortController();
    const call = client.getTask(TASK, { signal: controller.signal });
    controller.abort('enough');
    await expect(call).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
    expect(seen).toHaveLength(1);
  });

  it('a signal that has fired already lets nothing be sent', async () => {
    const { client, seen } = clientOf([ok]);
    const call = client.getTask(TASK, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: 'aborted' });
    expect(seen).toHaveLength(0);
  });

  it('an abort during a pause ends the call at once', async () => {
    const { client, seen, timers } = clientOf([lost]);
    const controller = new AbortController();
    const call = client.getTask(TASK, { signal: controller.signal }).catch((reason: unknown) => reason);
    await timers.settle();
    expect(timers.running()).toEqual([200]);
    controller.abort();
    expect(await call).toMatchObject({ code: 'aborted' });
    expect(seen).toHaveLength(1);
    expect(timers.running()).toEqual([]);
  });
});

describe('the pages of a list', () => {
  const page = (ids: string[], next_cursor: string | null) => () =>
    answer({ success: true, tasks: ids.map((task_id) => ({ task_id })), next_cursor });

  it('a walk over the tasks asks for page after page', async () => {
    const { client, seen } = clientOf([page(['A-1', 'A-2'], 'c1'), page([], 'c2'), page(['A-3'], null)]);
    const ids = [];
    for await (const { task_id } of client.tasks({ project: 'p', limit: 2 })) ids.push(task_id);
    expect(ids).toEqual(['A-1', 'A-2', 'A-3']);
    expect(seen.map(({ path }) => path)).toEqual([
      '/tasks?project=p&limit=2',
      '/tasks?project=p&limit=2&cursor=c1',
      '/tasks?project=p&limit=2&cursor=c2',
    ]);
  });

  it('a walk that is left asks for no more pages', async () => {
    const { client, seen } = clientOf([page(['A-1'], 'c1'), page(['A-2'], null)]);
    for await (const { task_id } of client.tasks({ project: 'p' })) {
      expect(task_id).toBe('A-1');
      break;
    }
    expect(seen).toHaveLength(1);
  });
});

describe('the events of a project', () => {
  const page = (ids: string[], next_cursor: string) => () =>
    answer({ success: true, events: ids.map((task_id) => ({ task_id })), next_cursor });

  it('a walk over the events goes on after the last page, and waits for the next', async () => {
    const { client, seen } = clientOf([page(['A-1', 'A-2'], 'c1'), page([], 'c1'), page(['A-3'], 'c2')]);
    const ids = [];
    for await (const { task_id } of client.events({ project: 'p', after: 'now', limit: 2 })) {
      ids.push(task_id);
      if (task_id === 'A-3') break;
    }
    expect(ids).toEqual(['A-1', 'A-2', 'A-3']);
    expect(seen.map(({ path }) => path)).toEqual(
      ['now', 'c1', 'c1'].map((after) => `/events?project=p&after=${after}&limit=2&wait_seconds=10`),
    );
  });

  it('a walk over the events ends with its signal', async () => {
    const controller = new AbortController();
    const { client } = clientOf([page(['A-1'], 'c1')]);
    const events = client.events({ project: 'p' }, { signal: controller.signal });
    expect((await events.next()).value).toMatchObject({ task_id: 'A-1' });
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'aborted' });
  });
});
