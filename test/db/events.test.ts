import { sql } from 'drizzle-orm/sql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeLogCursor, encodeLogCursor } from '../../src/contract/log-cursor.ts';
import { floorsRaised } from '../../src/db/sql/log-floors.ts';
import { defineRenewal } from '../../src/db/statement.ts';
import { EVENTS_PER_LOOK } from '../../src/domain/events.ts';
import type { Api } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { look, readOn } from '../support/feed.ts';

const SCOPES = ['read', 'write', 'admin'] as const;
const { keys, access } = keysFor({
  planner: { projects: '*', scopes: SCOPES },
  reader: { projects: ['p'], scopes: ['read'] },
});

/** An event as another writer may add it. */
const INSERT = `
  insert into task_events (project_id, task_id, version, at, type, caller)
  select 'p', 'MANY-' || n, 0, task_clock(), 'added', 'test' from generate_series(1, $1::int) as n`;

/** Deletes so many events of each project, as a retention job may. */
const deletion = (most: number) =>
  defineRenewal({
    name: 'delete_events',
    build: () => ({
      steps: sql`
      oldest as materialized (
        select project_id, xid, seq
        from (
          select *, row_number() over (partition by project_id order by xid, seq) as place
          from task_events
          where xid < pg_snapshot_xmin(pg_current_snapshot())
        ) as ordered
        where place <= ${sql.raw(String(most))}
      ),
      gone as (
        delete from task_events
        using oldest
        where (task_events.project_id, task_events.xid, task_events.seq) = (oldest.project_id, oldest.xid, oldest.seq)
        returning task_events.project_id, task_events.xid, task_events.seq
      ),${floorsRaised('gone')}`,
      outcome: sql`select 1 as answer`,
    }),
    toRow: () => true,
  }).query.sql;

describe.each(DRIVERS)('the events of a project over %s', (driver) => {
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

  const idsOf = (events: readonly { task_id: string; type: string }[]) =>
    events.map(({ task_id, type }) => `${task_id} ${type}`);

  it('a reader that passes next_cursor on sees each event once', async () => {
    await planner.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    await planner.move('p', 'TASK-2', { status: 'in_progress' });
    const first = await readOn(reader, 'p', undefined, '&limit=2');
    expect(idsOf(first.events)).toEqual(['TASK-1 added', 'TASK-2 added', 'TASK-3 added', 'TASK-2 moved']);
    await planner.move('p', 'TASK-2', { status: 'completed' });
    const second = await readOn(reader, 'p', first.cursor, '&limit=2');
    expect(second.events).toMatchObject([
      {
        task_id: 'TASK-2',
        version: 3,
        from_status: 'in_progress',
        to_status: 'completed',
        caller: 'planner',
      },
    ]);
    expect((await readOn(reader, 'p', second.cursor)).events).toEqual([]);
  });

  it('each event has the cursor of what comes after it', async () => {
    await planner.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    const { events, cursor } = await readOn(reader, 'p');
    expect(events.at(-1)?.cursor).toBe(cursor);
    const rest = await readOn(reader, 'p', events[0]?.cursor);
    expect(rest.events).toEqual(events.slice(1));
  });

  it('a page has at most the limit, and says whether there is more', async () => {
    await planner.add('p', 'TASK-1', 'TASK-2');
    await readOn(reader, 'p');
    expect(await look(reader, 'p', '&limit=1')).toMatchObject({ events: [{}], has_more: true });
    expect(await look(reader, 'p', '&limit=2')).toMatchObject({ events: [{}, {}], has_more: false });
  });

  it('an answer without events gives the cursor back that it was asked with', async () => {
    const none = await look(reader, 'p');
    expect(none).toMatchObject({ events: [], has_more: false, lag_seconds: 0 });
    expect((await look(reader, 'p', `&after=${none.next_cursor}`)).next_cursor).toBe(none.next_cursor);
    await planner.add('p', 'TASK-1');
    const { events, cursor } = await readOn(reader, 'p', none.next_cursor);
    expect(idsOf(events)).toEqual(['TASK-1 added']);
    expect((await look(reader, 'p', `&after=${cursor}`)).next_cursor).toBe(cursor);
  });

  it('after=now leaves out what is readable already, and nothing that comes later', async () => {
    await planner.add('p', 'TASK-1');
    await readOn(reader, 'p');
    const start = await look(reader, 'p', '&after=now');
    expect(start.events).toEqual([]);
    await planner.add('p', 'TASK-2');
    expect(idsOf((await readOn(reader, 'p', start.next_cursor)).events)).toEqual(['TASK-2 added']);
  });

  it('types leaves the others out, and the cursor passes them all the same', async () => {
    await planner.add('p', 'TASK-1', 'TASK-2');
    await planner.claim('p', 'agent');
    await planner.move('p', 'TASK-2', { status: 'cancelled' });
    const { cursor } = await readOn(reader, 'p');
    const chosen = await readOn(reader, 'p', undefined, '&types=claimed,deleted');
    expect(idsOf(chosen.events)).toEqual(['TASK-1 claimed']);
    expect(chosen.cursor).toBe(cursor);
    expect((await readOn(reader, 'p', undefined, '&types=released')).cursor).toBe(cursor);
    const both = await readOn(reader, 'p', undefined, '&types=moved,claimed&limit=1');
    expect(idsOf(both.events)).toEqual(['TASK-1 claimed', 'TASK-2 moved']);
  });

  it('a look for rare types reads a bounded number of events, and says where to go on', async () => {
    await database.query(INSERT, [EVENTS_PER_LOOK]);
    await planner.add('p', 'TASK-1');
    await planner.move('p', 'TASK-1', { status: 'cancelled' });
    await readOn(reader, 'p');
    const first = await look(reader, 'p', '&types=moved');
    expect(first).toMatchObject({ events: [], has_more: true });
    const second = await look(reader, 'p', `&types=moved&after=${first.next_cursor}`);
    expect(second).toMatchObject({ events: [{ task_id: 'TASK-1' }], has_more: false });
  });

  it('a project shows nothing of another, and nothing of what the service keeps for itself', async () => {
    await planner.add('p', 'TASK-1');
    await planner.add('other', 'TASK-2');
    await database.query(`
      insert into task_events (project_id, task_id, version, at, type, caller)
      values ('', '', 0, task_clock(), 'sealed', 'test')`);
    expect(idsOf((await readOn(reader, 'p')).events)).toEqual(['TASK-1 added']);
    const foreign = await reader.get('/events?project=other');
    expect([foreign.status, foreign.body.code]).toEqual([403, 'project_forbidden']);
    expect((await reader.get('/events?project=')).status).toBe(400);
    expect((await reader.get('/events?project=p&types=sealed')).status).toBe(400);
  });

  it('an open transaction holds back what was committed after it began, and the lag tells', async () => {
    await database.query('begin');
    await database.query(INSERT, [1]);
    await planner.add('p', 'TASK-1');
    await planner.add('other', 'TASK-1');
    const held = await look(reader, 'p');
    expect(held.events).toEqual([]);
    expect(held.lag_seconds).toBeGreaterThan(0);
    expect((await look(planner, 'empty')).lag_seconds).toBe(0);
    await database.query('commit');
    const { events } = await readOn(reader, 'p', held.next_cursor);
    expect(idsOf(events)).toEqual(['MANY-1 added', 'TASK-1 added']);
    expect((await look(reader, 'p')).lag_seconds).toBe(0);
  });

  it('a transaction that is rolled back leaves nothing, and holds nothing back any more', async () => {
    await database.query('begin');
    await database.query(INSERT, [1]);
    await planner.add('p', 'TASK-1');
    await database.query('rollback');
    expect(idsOf((await readOn(reader, 'p')).events)).toEqual(['TASK-1 added']);
  });

  describe('a cursor that is expired', () => {
    const refused = async (after: string) => {
      const { status, body } = await reader.get(`/events?project=p&after=${after}`);
      expect([status, body.code]).toEqual([410, 'cursor_expired']);
      // The catalog says so.
      return body.details as { readonly floor: string; readonly head: string };
    };

    it('a cursor from before what is kept is refused with the oldest position and the newest', async () => {
      const start = (await look(reader, 'p')).next_cursor;
      await planner.add('p', 'TASK-1', 'TASK-2', 'TASK-3', 'TASK-4');
      const { events, cursor } = await readOn(reader, 'p');
      await database.query(deletion(2));
      const { floor, head } = await refused(start);
      await refused(events[0]?.cursor ?? '');
      expect(head).toBe(cursor);
      expect(floor).toBe(events[1]?.cursor);
      const kept = events.slice(2);
      for (const after of [floor, undefined, events[1]?.cursor])
        expect((await readOn(reader, 'p', after)).events).toEqual(kept);
      expect((await readOn(reader, 'p', head)).events).toEqual([]);
    });

    it('a cursor at the end outlives the deletion of all events', async () => {
      await planner.add('p', 'TASK-1');
      const { cursor } = await readOn(reader, 'p');
      await database.query(deletion(1_000));
      expect(await look(reader, 'p', '&after=now')).toMatchObject({ events: [], next_cursor: cursor });
      await planner.add('p', 'TASK-2');
      expect(idsOf((await readOn(reader, 'p', cursor)).events)).toEqual(['TASK-2 added']);
    });

    it('the floor never sinks', async () => {
      await planner.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
      const { events } = await readOn(reader, 'p');
      for (const _ of [1, 2]) await database.query(deletion(1));
      expect((await refused(events[0]?.cursor ?? '')).floor).toBe(events[1]?.cursor);
    });

    it('a cursor of another log is refused', async () => {
      await planner.add('p', 'TASK-1');
      const { cursor } = await readOn(reader, 'p');
      await database.query('update log_state set epoch = gen_random_uuid()');
      const { floor, head } = await refused(cursor);
      expect(idsOf((await readOn(reader, 'p', floor)).events)).toEqual(['TASK-1 added']);
      expect((await readOn(reader, 'p', head)).events).toEqual([]);
    });

    it('a cursor of a transaction that has not been is refused', async () => {
      const position = decodeLogCursor((await look(reader, 'p')).next_cursor);
      if (position === undefined) throw new Error('The cursor is none');
      await refused(encodeLogCursor({ ...position, xid: String(2n ** 64n - 1n) }));
    });

    it('a truncation leaves another log, from whose start everything is kept', async () => {
      await planner.add('p', 'TASK-1');
      const { cursor } = await readOn(reader, 'p');
      await database.query(deletion(1));
      await database.query('truncate tasks');
      await refused(cursor);
      expect(await database.query('select from log_floors')).toEqual([]);
    });
  });

  it.each([
    ['after=x', 'after: must be now, or the next_cursor of an earlier answer, unchanged; '],
    [`after=${btoa('1')}`, 'after: must be now, or the next_cursor of an earlier answer, unchanged; '],
    [
      `after=${btoa(`${crypto.randomUUID()}:${2n ** 64n}:1`)}`,
      'after: must be now, or the next_cursor of an earlier answer, unchanged; ',
    ],
    ['types=added,', 'types: must be types separated by commas, without spaces, out of added, moved, '],
    ['types=', 'types: must be types separated by commas, without spaces, out of added, moved, '],
    ['limit=1001', 'limit: must be at most 1000'],
    ['wait_seconds=51', 'wait_seconds: must be at most 50'],
  ])('the events refuse %s', async (query, sentence) => {
    const { status, body } = await reader.get(`/events?project=p&${query}`);
    expect([status, body.error]).toEqual([400, expect.stringContaining(`Invalid parameter ${sentence}`)]);
  });
});
