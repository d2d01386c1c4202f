import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REMOVED_PER_STEP, type Retention } from '../../src/domain/retention.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { look, readOn } from '../support/feed.ts';
import { runUpkeepOn } from '../support/upkeep.ts';

const DAY = 24 * 60 * 60;
describe.each(DRIVERS)('the upkeep over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    await moveClock(database, 0);
  });

  const upkeep = (retention: Partial<Retention> = {}) => runUpkeepOn(driver, database, retention);
  const events = () =>
    database.query<{ task_id: string; type: string; caller: string }>(
      'select task_id, type, caller from task_events order by seq',
    );
  const gauge = async () =>
    [...(await (await app.send('/metrics')).text()).matchAll(/^task_tracker_tasks\{.*\} \d+$/gm)].map(String);

  it('events are removed once they are older than they are kept, and the metrics stay', async () => {
    await app.add('p', 'TASK-1');
    await app.move('p', 'TASK-1', { status: 'in_progress' });
    const before = await gauge();
    expect(await upkeep({ eventDays: 30 })).toMatchObject({ events_removed: 0, is_cut: false });
    await moveClock(database, 31 * DAY);
    await app.add('q', 'TASK-2');
    await database.settleLog();
    expect(await upkeep({ eventDays: 30 })).toMatchObject({ events_removed: 2, is_cut: false });
    expect((await events()).map(({ task_id }) => task_id)).toEqual(['TASK-2']);
    expect(await gauge()).toEqual(expect.arrayContaining(before));
    expect(await database.query('select project_id from log_floors')).toEqual([{ project_id: 'p' }]);
  });

  it('deleted tasks go with their notes once they can no longer be restored, and their ids are free', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await app.post('/tasks/TASK-1/notes?project=p', { text: 'x' });
    await app.delete('/tasks/TASK-1?project=p');
    await moveClock(database, 20 * DAY);
    await app.delete('/tasks/TASK-2?project=p');
    await moveClock(database, 31 * DAY);
    expect(await upkeep({ deletedDays: null })).toMatchObject({ tasks_removed: 0 });
    expect(await upkeep({ deletedDays: 30 })).toMatchObject({ tasks_removed: 1 });
    expect(await database.query('select task_id from deleted_tasks')).toEqual([{ task_id: 'TASK-2' }]);
    expect(await database.query('select from task_notes')).toEqual([]);
    await app.add('p', 'TASK-1');
  });

  it('many events are removed in steps of a bounded size', async () => {
    const count = REMOVED_PER_STEP.events * 2 + 5;
    await database.query(
      `insert into tasks (task_id, project_id, description, version)
       select 'TASK-' || n, 'p', 'Do it', 1 from generate_series(1, 5) as n`,
    );
    await database.query(
      `insert into task_events (project_id, task_id, version, at, type, caller)
       select 'p', 'TASK-1', 1, now(), 'progressed', 'test' from generate_series(1, ${count})`,
    );
    await moveClock(database, 2 * DAY);
    await database.settleLog();
    expect(await upkeep({ eventDays: 1 })).toMatchObject({ events_removed: count, is_cut: false });
  });

  it('tasks that ended long ago are archived with their attempts, and the others stay', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    const { claim } = (await app.claim('p', 'a')).body;
    await app.move('p', 'TASK-1', { status: 'completed', claim_token: claim.token, result: { ok: true } });
    await app.move('p', 'TASK-2', { status: 'cancelled' });
    await moveClock(database, 8 * DAY);
    expect(await upkeep()).toMatchObject({ tasks_archived: 0 });
    expect(await upkeep({ taskDays: 7 })).toMatchObject({ tasks_archived: 2 });
    expect((await app.get('/tasks?project=p')).body.tasks?.map(({ task_id }) => task_id)).toEqual(['TASK-3']);
    expect(
      await database.query(
        `select task_id, task -> 'result' as result, attempts -> 0 ->> 'agent_id' as agent
         from archived_tasks order by task_id`,
      ),
    ).toEqual([
      { task_id: 'TASK-1', result: { ok: true }, agent: 'a' },
      { task_id: 'TASK-2', result: null, agent: null },
    ]);
    // One statement archives both, in any order.
    const archived = (await events()).filter(({ type }) => type === 'archived');
    expect(archived.map(({ task_id }) => task_id).toSorted()).toEqual(['TASK-1', 'TASK-2']);
    expect(archived.map(({ caller }) => caller)).toEqual(['upkeep', 'upkeep']);
    expect(await database.query('select * from attempts')).toEqual([]);
    expect(await gauge()).toContain('task_tracker_tasks{project="p",status="completed"} 0');
    await app.add('p', 'TASK-1');
    expect((await app.get('/tasks/TASK-1?project=p&include=attempts')).body).toMatchObject({ attempts: [] });
  });

  it('the records of keys that have expired are removed', async () => {
    await database.query(
      `insert into idempotency_keys (caller, key, fingerprint, outcome, expires_at)
       select 'old', n::text, '', '{}', now() - interval '1 second' from generate_series(1, 50) as n`,
    );
    expect(await upkeep()).toMatchObject({ records_removed: 50 });
  });

  describe('a log that was restored from another cluster', () => {
    const told = ({ events }: Awaited<ReturnType<typeof readOn>>) =>
      events.map(({ task_id, type }) => `${task_id} ${type}`);

    /** As a dump leaves it: with the transaction ids of a cluster that had far more transactions. */
    const restore = () =>
      database.query(`
        with events as (update task_events set xid = (xid::text::bigint + 1000000)::text::xid8)
        update log_state set counted_before = (counted_before::text::bigint + 1000000)::text::xid8`);

    it('the feed begins anew with every event, and the metrics count what is there', async () => {
      await app.add('p', 'TASK-1', 'TASK-2');
      await upkeep();
      await app.move('p', 'TASK-1', { status: 'in_progress' });
      const { cursor } = await readOn(app, 'p');
      await restore();
      await app.move('p', 'TASK-2', { status: 'in_progress' });
      expect((await look(app, 'p')).events).toEqual([]);
      expect(await upkeep()).toMatchObject({ events_renumbered: 3, is_cut: false });
      expect((await app.get(`/events?project=p&after=${cursor}`)).status).toBe(410);
      const feed = await readOn(app, 'p');
      expect(told(feed)).toEqual(['TASK-1 added', 'TASK-2 added', 'TASK-1 moved', 'TASK-2 moved']);
      await app.move('p', 'TASK-2', { status: 'completed' });
      expect(told(await readOn(app, 'p', feed.cursor))).toEqual(['TASK-2 moved']);
      await upkeep();
      expect((await gauge()).filter((line) => !line.endsWith(' 0'))).toEqual([
        'task_tracker_tasks{project="p",status="in_progress"} 1',
        'task_tracker_tasks{project="p",status="completed"} 1',
      ]);
    });

    it('what changes while an older transaction is open is counted once', async () => {
      await app.add('p', 'TASK-1', 'TASK-2');
      await restore();
      await database.query('begin');
      await database.query('select pg_current_xact_id()');
      await app.move('p', 'TASK-1', { status: 'in_progress' });
      await upkeep();
      const there = [
        'task_tracker_tasks{project="p",status="pending"} 1',
        'task_tracker_tasks{project="p",status="in_progress"} 1',
      ];
      expect((await gauge()).filter((line) => !line.endsWith(' 0'))).toEqual(there);
      await database.query('rollback');
      await upkeep();
      expect((await gauge()).filter((line) => !line.endsWith(' 0'))).toEqual(there);
    });

    it('a log is renumbered once, by however many at once', async () => {
      await app.add('p', 'TASK-1', 'TASK-2');
      await restore();
      await Promise.all([upkeep(), upkeep(), upkeep()]);
      await upkeep();
      const { events, cursor } = await readOn(app, 'p');
      expect(events).toHaveLength(2);
      expect(await upkeep()).toMatchObject({ events_renumbered: 0 });
      expect((await look(app, 'p', `&after=${cursor}`)).events).toEqual([]);
      expect((await gauge()).filter((line) => !line.endsWith(' 0'))).toEqual([
        'task_tracker_tasks{project="p",status="pending"} 2',
      ]);
    });
  });

  it('two at once remove each thing once', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await moveClock(database, 31 * DAY);
    await database.settleLog();
    const reports = await Promise.all([upkeep({ eventDays: 30 }), upkeep({ eventDays: 30 })]);
    expect(reports.reduce((all, { events_removed }) => all + events_removed, 0)).toBe(2);
  });
});
