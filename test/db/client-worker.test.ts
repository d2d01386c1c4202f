import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../client/index.ts';
import { work } from '../../client/worker.ts';
import { appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { heldHandler } from '../support/held-handler.ts';
import { manualTimers } from '../support/manual-timers.ts';
import { clientOf } from '../support/typed-client.ts';

const PROJECT = 'p';
const LEASE_SECONDS = 30;

describe('the worker over the service', () => {
  let database: DatabaseUnderTest;
  let client: Client;

  beforeAll(async () => {
    database = await openTestDatabase();
    client = clientOf(appUnderTest({ driver: 'neon', connectionString: database.neon }));
  });
  beforeEach(() => database.empty());
  afterEach(() => moveClock(database, 0));

  const common = { project: PROJECT, agentId: 'worker', leaseSeconds: LEASE_SECONDS, stopOn: [] };
  const add = (count: number) => {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const tasks = numbers.map((n) => ({ task_id: `TASK-${n}`, project_id: PROJECT, description: `Do ${n}` }));
    return client.addTasks({ tasks });
  };
  const read = async (task_id: string) => (await client.getTask({ task_id, project: PROJECT })).task;
  const claimAs = (agent_id: string) => client.claimTask({ project_id: PROJECT, agent_id });
  const fires = (signal: AbortSignal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

  it('three slots work through a list, each task once', async () => {
    await add(20);
    const worked: string[] = [];
    const worker = work(client, {
      ...common,
      concurrency: 3,
      untilNonePending: true,
      handler: ({ task_id, description }) => {
        worked.push(task_id);
        return `${description}: done`;
      },
    });
    await worker.finished;
    expect(new Set(worked).size).toBe(20);
    expect(worked).toHaveLength(20);
    const { tasks } = await client.listTasks({ project: PROJECT });
    for (const { description, ...task } of tasks)
      expect(task).toMatchObject({ status: 'completed', completion_notes: `${description}: done` });
  });

  it('a task whose handler throws comes back later with the error', async () => {
    await add(1);
    const one = new AbortController();
    const handler = () => {
      one.abort();
      throw new Error('no disk');
    };
    await work(client, { ...common, handler, signal: one.signal }).finished;
    expect(await read('TASK-1')).toMatchObject({ status: 'pending', attempt: 1, last_error: 'no disk' });
  });

  it('a worker hears at its renewal that another agent has the task', async () => {
    await add(1);
    const timers = manualTimers();
    const { handler, begun, fail } = heldHandler();
    const worker = work(client, { ...common, clock: timers.clock, handler, onError: () => undefined });
    const signal = await begun();
    await moveClock(database, LEASE_SECONDS + 1);
    expect((await claimAs('other')).reason).toBe('claimed');
    const reason = fires(signal);
    await timers.pass((LEASE_SECONDS * 1_000) / 3);
    expect(await reason).toMatchObject({ code: 'claimed_by_other' });
    const stopped = worker.stop();
    fail(new Error('aborted'));
    await stopped;
    expect(await read('TASK-1')).toMatchObject({
      status: 'in_progress',
      claimed_by: 'other',
      last_error: 'The lease of worker expired',
    });
  });

  it('a renewal prolongs the lease', async () => {
    await add(1);
    const timers = manualTimers();
    const { handler, begun, finish } = heldHandler();
    const renewed = Promise.withResolvers<unknown>();
    const heartbeatClaim: Client['heartbeatClaim'] = async (...call) => {
      const answer = await client.heartbeatClaim(...call);
      renewed.resolve(answer);
      return answer;
    };
    const worker = work({ ...client, heartbeatClaim }, { ...common, clock: timers.clock, handler });
    await begun();
    await moveClock(database, LEASE_SECONDS - 1);
    await timers.pass((LEASE_SECONDS * 1_000) / 3);
    await renewed.promise;
    await moveClock(database, LEASE_SECONDS + 5);
    expect((await claimAs('other')).reason).toBe('all_claimed');
    const stopped = worker.stop();
    finish('done');
    await stopped;
    expect(await read('TASK-1')).toMatchObject({ status: 'completed', completion_notes: 'done' });
  });

  it('a restarted worker gets the tasks of all its slots back', async () => {
    await add(3);
    for (const agent of ['worker', 'worker/2']) await claimAs(agent);
    const worked: string[] = [];
    const worker = work(client, {
      ...common,
      concurrency: 2,
      untilNonePending: true,
      handler: ({ task_id }) => worked.push(task_id),
    });
    await worker.finished;
    expect(worked.toSorted()).toEqual(['TASK-1', 'TASK-2', 'TASK-3']);
  });

  it('a worker whose grace is over gives its task back without counting the attempt', async () => {
    await add(1);
    const timers = manualTimers();
    const { handler, begun, fail } = heldHandler();
    const worker = work(client, { ...common, clock: timers.clock, handler, graceSeconds: 1 });
    const signal = await begun();
    const stopped = worker.stop();
    await timers.pass(1_000);
    fail(signal.reason);
    await stopped;
    expect(await read('TASK-1')).toMatchObject({ status: 'pending', attempt: 0, claimed_by: null });
  });
});
