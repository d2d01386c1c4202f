import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { generationOf } from '../support/claim-token.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const LEASE = 15 * 60;
const FUTURE = '2999-01-01T00:00:00.000Z';

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const claimsOf = ({ body }: Answer) => body.claims ?? [];
const idsOf = (answer: Answer) => claimsOf(answer).map(({ task }) => task.task_id);
const tokensOf = (answer: Answer) => claimsOf(answer).map(({ claim }) => claim.token);

describe.each(DRIVERS)('claims of several tasks over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(async () => {
    await moveClock(database, 0);
    await database.inject('none');
  });

  const claim = (agent: string, count: number, more: Record<string, unknown> = {}) =>
    app.claim('p', agent, { capacity: count, count, ...more });
  const statuses = () =>
    database.query<{ task_id: string; status: string; claimed_by: string | null }>(
      'select task_id, status, claimed_by from tasks order by seq',
    );

  it('a claim gives as many as it asks for, the most urgent first, each with a token of its own', async () => {
    await app.add('p', { task_id: 'TASK-1', priority: 3 }, 'TASK-2', 'TASK-3', {
      task_id: 'TASK-4',
      priority: 0,
    });
    const answer = await claim('a', 3);
    expect(answer.body.reason).toBe('claimed');
    expect(idsOf(answer)).toEqual(['TASK-4', 'TASK-2', 'TASK-3']);
    const generations = tokensOf(answer).map(generationOf);
    expect(generations).toEqual(generations.toSorted((one, other) => one - other));
    expect(new Set(generations).size).toBe(3);
    for (const { task, claim: own } of claimsOf(answer)) {
      expect(task).toMatchObject({ status: 'in_progress', claimed_by: 'a', attempt: 1 });
      expect(own).toMatchObject({ agent_id: 'a', attempt: 1, lease_expires_at: task.lease_expires_at });
      const beat = await app.post(`/tasks/${task.task_id}/heartbeat?project=p`, { claim_token: own.token });
      expect(beat.status).toBe(200);
    }
  });

  it('task and claim are those of the first', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    const { body } = await claim('a', 2);
    expect({ task: body.task, claim: body.claim }).toEqual(body.claims?.[0]);
  });

  it('a claim without a count answers without claims', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    expect(Object.keys((await app.claim('p', 'a', { capacity: 2 })).body)).toEqual([
      'success',
      'task',
      'reason',
      'claim',
    ]);
  });

  it('a claim gives what there is where that is less', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', not_before: FUTURE });
    expect(idsOf(await claim('a', 5))).toEqual(['TASK-1']);
    const none = await claim('b', 5);
    expect(none.body).toMatchObject({ task: null, claim: null, claims: [], reason: 'none_due' });
    expect(none.body.retry_after_seconds).toBe(LEASE);
  });

  it('a claim fills up the capacity', async () => {
    await app.add('p', ...times(5, (index) => `TASK-${index}`));
    await app.claim('p', 'a', { capacity: 3 });
    expect(idsOf(await claim('a', 3))).toEqual(['TASK-1', 'TASK-2']);
  });

  it('an agent at its capacity gets its own tasks back, the oldest first, under the same tokens', async () => {
    await app.add('p', ...times(5, (index) => `TASK-${index}`));
    const first = await claim('a', 3);
    await moveClock(database, 60);
    const again = await claim('a', 3);
    expect(again.body.reason).toBe('continue_current');
    expect([idsOf(again), tokensOf(again)]).toEqual([idsOf(first), tokensOf(first)]);
    const leases = claimsOf(again).map(({ claim: own }) => own.lease_expires_at);
    expect(new Set(leases).size).toBe(1);
    expect(Date.parse(leases[0] ?? '')).toBeGreaterThan(Date.parse(first.body.claim.lease_expires_at));
    expect(idsOf(await app.claim('p', 'a', { capacity: 3, count: 2 }))).toEqual(['TASK-0', 'TASK-1']);
  });

  it.each([
    [{ count: 2 }, 'count: must be at most capacity, which is 1'],
    [{ count: 26, capacity: 50 }, 'count'],
    [{ count: 0 }, 'count'],
  ])('a claim with %j is refused', async (fields, sentence) => {
    const { status, body } = await app.claim('p', 'a', fields);
    expect([status, body.code]).toEqual([400, 'validation_error']);
    expect(body.error).toContain(sentence);
  });

  it('a claim gives only tasks of the generator that it asks for', async () => {
    await app.add(
      'p',
      'TASK-1',
      ...['TASK-2', 'TASK-3'].map((task_id) => ({ task_id, generator_name: 'hls' })),
    );
    expect(idsOf(await claim('a', 3, { generator_name: 'hls' }))).toEqual(['TASK-2', 'TASK-3']);
  });

  it('a claim gives nothing of a paused project', async () => {
    await app.add('p', 'TASK-1');
    await app.put('/projects/p', { paused: { reason: 'Down' } });
    expect((await claim('a', 2)).body).toMatchObject({ claims: [], reason: 'paused' });
  });

  it('a claim mixes what is ready with what has become due and what dead agents left, by urgency', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    await app.add(
      'p',
      { task_id: 'TASK-1', priority: 1 },
      { task_id: 'TASK-2', not_before: soon, priority: 0 },
    );
    await app.claim('p', 'dead');
    await app.add('p', 'TASK-3', { task_id: 'TASK-4', priority: 0 }, 'TASK-5');
    await moveClock(database, LEASE + 1);
    const answer = await claim('a', 4);
    expect(idsOf(answer)).toEqual(['TASK-2', 'TASK-4', 'TASK-1', 'TASK-3']);
    expect(claimsOf(answer)[2]?.task).toMatchObject({
      attempt: 1,
      expiries: 1,
      last_error: 'The lease of dead expired',
    });
    expect(idsOf(await claim('b', 4))).toEqual(['TASK-5']);
  });

  it('a claim gives up what has no attempt left', async () => {
    await app.add('p', { task_id: 'TASK-1', max_attempts: 1 }, 'TASK-2');
    await app.claim('p', 'dead');
    await moveClock(database, LEASE + 1);
    expect(idsOf(await claim('a', 2))).toEqual(['TASK-2']);
    expect((await statuses())[0]).toEqual({ task_id: 'TASK-1', status: 'failed', claimed_by: null });
  });

  it('each task has its event and each dead claim its attempt', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    await claim('dead', 2);
    await moveClock(database, LEASE + 1);
    await claim('a', 3);
    const events = await database.query(
      `select task_id, agent_id, attempt from task_events where type = 'claimed' order by seq`,
    );
    expect(events).toHaveLength(5);
    const ended = await database.query('select task_id, agent_id, outcome from attempts order by task_id');
    expect(ended).toEqual(
      ['TASK-1', 'TASK-2'].map((task_id) => ({ task_id, agent_id: 'dead', outcome: 'expired' })),
    );
  });

  it('what the tasks go on from comes with each', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    const [first] = claimsOf(await claim('a', 2));
    const path = `/tasks/${first?.task.task_id}/heartbeat?project=p`;
    await app.post(path, { claim_token: first?.claim.token, checkpoint: { page: 3 } });
    await moveClock(database, LEASE + 1);
    const given = claimsOf(await claim('b', 2)).map(({ checkpoint }) => checkpoint);
    expect(given).toEqual([{ page: 3 }, undefined]);
  });

  it('a claim that is repeated under its key gives the same tokens and takes no more', async () => {
    await app.add('p', ...times(6, (index) => `TASK-${index}`));
    const headers = { 'idempotency-key': 'key-1' };
    const body = { project_id: 'p', agent_id: 'a', capacity: 6, count: 3 };
    const first = await app.post('/tasks/claim', body, headers);
    const second = await app.post('/tasks/claim', body, headers);
    expect(second.body.claims).toEqual(first.body.claims);
    expect((await statuses()).filter(({ status }) => status === 'in_progress')).toHaveLength(3);
  });

  it('a claim whose answer is lost once takes its tasks once', async () => {
    await app.add('p', ...times(6, (index) => `TASK-${index}`));
    await database.inject('answer_lost', { times: 1 });
    const answer = await app.claim('p', 'a', { capacity: 6, count: 3 });
    expect(idsOf(answer)).toEqual(['TASK-0', 'TASK-1', 'TASK-2']);
    expect((await statuses()).filter(({ status }) => status === 'in_progress')).toHaveLength(3);
  });

  it('a claim that would wait, and whose answer is lost, gives what it took', async () => {
    await app.add('p', 'TASK-0');
    await database.inject('answer_lost', { times: 1 });
    const answer = await app.claim('p', 'a', { capacity: 6, count: 3, wait_seconds: 5 });
    expect([answer.body.reason, idsOf(answer)]).toEqual(['claimed', ['TASK-0']]);
    expect(await statuses()).toEqual([{ task_id: 'TASK-0', status: 'in_progress', claimed_by: 'a' }]);
  });

  it('agents that claim at once get each task once', async () => {
    await app.add('p', ...times(20, (index) => `TASK-${index}`));
    const answers = await Promise.all(times(8, (index) => claim(`agent-${index}`, 5)));
    const given = answers.flatMap(idsOf);
    expect(new Set(given).size).toBe(given.length);
    const rest = await claim('late', 20);
    expect(new Set([...given, ...idsOf(rest)]).size).toBe(20);
  });

  it('an agent that claims often at once never has more than its capacity', async () => {
    await app.add('p', ...times(20, (index) => `TASK-${index}`));
    const ask = () => app.claim('p', 'a', { capacity: 7, count: 3 });
    const answers = await Promise.all(times(6, ask));
    expect(answers.map(({ status }) => status)).toEqual(times(6, () => 200));
    const claimed = answers.filter(({ body }) => body.reason === 'claimed').flatMap(idsOf);
    expect(new Set(claimed).size).toBe(claimed.length);
    expect((await statuses()).filter(({ claimed_by }) => claimed_by === 'a')).toHaveLength(7);
  });

  it('a claim that waits returns as soon as one task is there', async () => {
    let looks = 0;
    const waiting = appUnderTest({
      driver,
      connectionString: database[driver],
      decorate: (inner) => ({
        ...inner,
        async run(statement, values) {
          if (statement.name === 'claim_tasks') looks += 1;
          if (looks === 3) await app.add('p', 'TASK-1');
          return inner.run(statement, values);
        },
      }),
    });
    const answer = await waiting.claim('p', 'a', { capacity: 5, count: 5, wait_seconds: 30 });
    expect(idsOf(answer)).toEqual(['TASK-1']);
    expect(looks).toBe(3);
  });
});
