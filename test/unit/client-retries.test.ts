import { describe, expect, it } from 'vitest';
import { type ClientOptions, createClient } from '../../client/index.ts';
import { answer, fakeService, refuse } from '../support/fake-service.ts';
import { manualTimers } from '../support/manual-timers.ts';

const TASK = { task_id: 'TASK-1', project: 'p' };
const MOVE = { ...TASK, status: 'completed' } as const;
const ok = () => answer({ success: true });
const lost = () => new TypeError('fetch failed');
const silence = () => 'silence' as const;
const limited = (seconds: string) => () => refuse(429, 'rate_limited', { 'retry-after': seconds });
const unavailable = () => refuse(500, 'database_unavailable');

type Call = (client: ReturnType<typeof createClient>) => Promise<unknown>;

/** What a call came to, on a clock on which all its time passes; chance takes nothing off. */
async function run(
  replies: Parameters<typeof fakeService>,
  call: Call = (client) => client.updateTaskStatus(MOVE),
  more: Partial<ClientOptions> = {},
) {
  const { fetch, seen } = fakeService(...replies);
  const timers = manualTimers();
  const { clock, asked } = timers;
  const random = () => 0;
  const client = createClient({ baseUrl: 'http://service.test', timeout: 1, fetch, clock, random, ...more });
  const outcome = call(client).then(
    () => 'answered',
    (error: unknown) => error,
  );
  await timers.pass(600_000);
  return { outcome: await outcome, seen, pauses: asked.filter((duration) => duration !== 1) };
}

describe('the retries of the client', () => {
  it.each([
    ['a lost connection', lost],
    ['a timeout', silence],
    ['429', limited('0')],
    ['500', unavailable],
    ['502 from a proxy', () => answer('<html>', 502)],
    ['503', () => refuse(503, 'authentication_unavailable')],
  ])('after %s the request is sent again', async (_, reply) => {
    const { outcome, seen } = await run([reply, ok]);
    expect(outcome).toBe('answered');
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });

  it.each([400, 401, 403, 404, 409, 422])('after %i the request is not sent again', async (status) => {
    const { outcome, seen } = await run([() => refuse(status, 'refused'), ok]);
    expect(outcome).toMatchObject({ status });
    expect(seen).toHaveLength(1);
  });

  it('a request is sent four times at most, and the last error counts', async () => {
    const { outcome, seen, pauses } = await run([lost, lost, lost, unavailable]);
    expect(outcome).toMatchObject({ code: 'database_unavailable', status: 500 });
    expect(seen).toHaveLength(4);
    expect(pauses).toEqual([200, 400, 800]);
  });

  it('a client and a call have their own number of retries', async () => {
    expect((await run([lost], undefined, { retries: 1 })).seen).toHaveLength(2);
    const call: Call = (client) => client.getTask(TASK, { retries: 0 });
    expect((await run([lost], call, { retries: 1 })).seen).toHaveLength(1);
  });

  it('a pause is at most ten seconds', async () => {
    const { pauses } = await run([lost], undefined, { retries: 8 });
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('chance takes off up to half of a pause', async () => {
    const { pauses } = await run([lost], undefined, { random: () => 0.5 });
    expect(pauses).toEqual([150, 300, 600]);
  });

  it('a Retry-After is waited for, and then the pause', async () => {
    const { pauses, outcome } = await run([limited('7'), unavailable, ok]);
    expect(pauses).toEqual([7_200, 400]);
    expect(outcome).toBe('answered');
  });

  it('a Retry-After of more than a minute ends the call and is told', async () => {
    const { pauses, outcome, seen } = await run([limited('61'), ok]);
    expect(outcome).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 61 });
    expect(seen).toHaveLength(1);
    expect(pauses).toEqual([]);
    expect((await run([limited('60'), ok])).outcome).toBe('answered');
  });

  it('a Retry-After that is no number of seconds counts as none', async () => {
    const { pauses } = await run([limited('Fri, 31 Dec 1999 23:59:59 GMT'), ok]);
    expect(pauses).toEqual([200]);
  });
});

describe('the Idempotency-Key of the client', () => {
  const keysOf = (seen: { headers: Headers }[]) => seen.map(({ headers }) => headers.get('idempotency-key'));

  it('all attempts at one write have the same key, another write has another', async () => {
    const twice: Call = async (client) => {
      await client.updateTaskStatus(MOVE);
      await client.claimTask({ project_id: 'p', agent_id: 'a' });
    };
    const { seen } = await run([lost, silence, ok], twice);
    const [first, second, third, other] = keysOf(seen);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([second, third]).toEqual([first, first]);
    expect(other).toMatch(/^[0-9a-f]{32}$/);
    expect(other).not.toBe(first);
  });

  it('a call goes on with the key of an earlier one', async () => {
    const call: Call = (client) => client.updateTaskStatus(MOVE, { idempotencyKey: 'of-before' });
    expect(keysOf((await run([lost, ok], call)).seen)).toEqual(['of-before', 'of-before']);
  });

  it('a read and a deletion have no key', async () => {
    const both: Call = async (client) => {
      await client.getTask(TASK);
      await client.deleteTask(TASK);
    };
    expect(keysOf((await run([ok], both)).seen)).toEqual([null, null]);
  });
});
