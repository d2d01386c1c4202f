import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/operations/shown-event.ts';
import type { AnswerBody, Api } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const SCOPES = ['read', 'write', 'admin'] as const;
const { keys, access } = keysFor({
  planner: { projects: '*', scopes: SCOPES },
  reader: { projects: ['p'], scopes: ['read'] },
});

type History = Omit<AnswerBody, 'count'> & { readonly events: readonly Event[]; readonly count: number };

describe.each(DRIVERS)('the history of a task over %s', (driver) => {
  let database: DatabaseUnderTest;
  let planner: Api;
  let reader: Api;

  beforeAll(async () => {
    database = await openTestDatabase();
    const app = appUnderTest({ driver, connectionString: database[driver], access });
    planner = withCredential(app, keys.planner);
    reader = withCredential(app, keys.reader);
  });
  beforeEach(() => database.empty());

  async function history(query = '', task = 'TASK-1'): Promise<History> {
    const { status, body } = await reader.get(`/tasks/${task}/history?project=p${query}`);
    expect(status).toBe(200);
    // The route answers so.
    return body as unknown as History;
  }
  const typesOf = ({ events }: History) => events.map(({ type }) => type);

  it('the history shows each change with its statuses, the names of credential and agent, and what else changed', async () => {
    await planner.add('p', { task_id: 'TASK-1', max_attempts: 3, max_expiries: 2 });
    const { claim } = (await planner.claim('p', 'agent-7', { lease_seconds: 60 })).body;
    await planner.post('/tasks/TASK-1/release?project=p', {
      claim_token: claim.token,
      notes: 'half done',
    });
    const again = (await planner.claim('p', 'agent-8')).body.claim;
    await planner.move('p', 'TASK-1', { status: 'failed', claim_token: again.token, error: 'no disk' });
    await moveClock(database, 3_600);
    await planner.claim('p', 'agent-9');
    await moveClock(database, 7_200);
    await planner.claim('p', 'agent-10');
    await moveClock(database, 10_800);
    await planner.claim('p', 'agent-11');
    await moveClock(database, 0);
    await planner.move('p', 'TASK-1', { status: 'pending', reset: true });
    await planner.delete('/tasks/TASK-1?project=p');
    const { events } = await history('&order=oldest');
    expect(
      events.map(({ type, from_status, to_status, agent_id, attempt, data }) => [
        `${type}: ${from_status} to ${to_status}`,
        agent_id,
        attempt,
        data,
      ]),
    ).toEqual([
      ['added: null to pending', null, 0, null],
      ['claimed: pending to in_progress', 'agent-7', 1, { lease_seconds: 60 }],
      ['released: in_progress to pending', 'agent-7', 0, { notes: 'half done' }],
      ['claimed: pending to in_progress', 'agent-8', 1, { lease_seconds: 900 }],
      ['retried: in_progress to pending', 'agent-8', 1, { error: 'no disk' }],
      ['claimed: pending to in_progress', 'agent-9', 2, { lease_seconds: 900 }],
      ['claimed: in_progress to in_progress', 'agent-10', 2, { lease_seconds: 900, taken_from: 'agent-9' }],
      ['expired: in_progress to failed', 'agent-10', 2, null],
      ['reset: failed to pending', null, 0, null],
      ['deleted: pending to null', null, 0, null],
    ]);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ caller }) => caller))).toEqual(new Set(['planner']));
    expect(events.every(({ at }) => new Date(at).toISOString() === at)).toBe(true);
  });

  it('no event has a token in it', async () => {
    await planner.add('p', 'TASK-1');
    // A number that nothing else is made of.
    await database.query('alter sequence claim_tokens restart with 987654321');
    const { claim } = (await planner.claim('p', 'agent-7')).body;
    const [generation, secret] = claim.token.split('.');
    expect(generation).toBe('987654321');
    await planner.move('p', 'TASK-1', { status: 'completed', claim_token: claim.token });
    const told = JSON.stringify(await history());
    expect(told).toContain('agent-7');
    expect(told).not.toContain('987654321');
    expect(told).not.toContain(secret);
  });

  it('a long text is cut, and says so', async () => {
    await planner.add('p', 'TASK-1');
    await planner.move('p', 'TASK-1', { status: 'cancelled', completion_notes: '😀'.repeat(501) });
    const { events } = await history();
    expect(events[0]?.data).toEqual({ notes: `${'😀'.repeat(499)}…` });
  });

  it('the newest change comes first unless asked otherwise', async () => {
    await planner.add('p', 'TASK-1');
    await planner.move('p', 'TASK-1', { status: 'in_progress' });
    expect(typesOf(await history())).toEqual(['moved', 'added']);
    expect(typesOf(await history('&order=newest'))).toEqual(['moved', 'added']);
    expect(typesOf(await history('&order=oldest'))).toEqual(['added', 'moved']);
  });

  it.each(['newest', 'oldest'])('a walk from the %s shows each event once, page by page', async (order) => {
    await planner.add('p', 'TASK-1', 'TASK-2');
    for (let round = 0; round < 3; round += 1) {
      for (const status of ['in_progress', 'pending'])
        await planner.move('p', 'TASK-1', { status, reset: true });
    }
    const all = (await history(`&order=${order}`)).events.map(({ seq }) => seq);
    expect(all).toHaveLength(7);
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: History = await history(`&order=${order}&limit=3${cursor && `&cursor=${cursor}`}`);
      expect(page.count).toBe(page.events.length);
      seen.push(...page.events.map(({ seq }) => seq));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(all);
  });

  it('a history whose length is the limit has no next page', async () => {
    await planner.add('p', 'TASK-1');
    await planner.move('p', 'TASK-1', { status: 'in_progress' });
    expect((await history('&limit=2')).next_cursor).toBeNull();
    expect((await history('&limit=1')).next_cursor).toEqual(expect.any(String));
  });

  it('a deleted task keeps its history, and one that is added again under its id goes on with it', async () => {
    await planner.add('p', 'TASK-1');
    await planner.delete('/tasks/TASK-1?project=p&purge=true');
    expect(typesOf(await history())).toEqual(['deleted', 'added']);
    await planner.add('p', 'TASK-1');
    const { events } = await history();
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ['added', 1],
      ['deleted', 2],
      ['added', 1],
    ]);
  });

  it('a task of which no event is kept has an empty history', async () => {
    await planner.add('p', 'TASK-1');
    await database.query('delete from task_events');
    expect(await history()).toMatchObject({ events: [], count: 0, next_cursor: null });
  });

  it('an id that never was is not found, and neither is that of another project', async () => {
    await planner.add('other', 'TASK-1');
    const { status, body } = await reader.get('/tasks/TASK-1/history?project=p');
    expect([status, body.code, body.error]).toEqual([404, 'task_not_found', 'Task TASK-1 not found']);
    const foreign = await reader.get('/tasks/TASK-1/history?project=other');
    expect([foreign.status, foreign.body.code]).toEqual([403, 'project_forbidden']);
  });

  it.each([
    ['order=up', 'Invalid parameter order: must be one of newest, oldest'],
    ['limit=0', 'Invalid parameter limit: must be at least 1'],
    ['limit=1001', 'Invalid parameter limit: must be at most 1000'],
    ['cursor=x', 'Invalid parameter cursor: must be the next_cursor of an earlier answer, unchanged; '],
  ])('a history refuses %s', async (query, sentence) => {
    const { status, body } = await reader.get(`/tasks/TASK-1/history?project=p&${query}`);
    expect([status, body.error]).toEqual([400, expect.stringContaining(sentence)]);
  });
});
