import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { clockThatSleepMoves } from '../support/options.ts';

describe.each(DRIVERS)('events of readiness over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(async () => {
    await expectGraphToAddUp(database);
    expect(await database.query(GAPS)).toEqual([]);
  });

  const running = { status: 'in_progress' };
  /** What became of a task, from the oldest on, without how it came. */
  const eventsOf = (task_id: string) =>
    database.query(
      `select type, data from task_events where project_id = 'p' and task_id = '${task_id}' and type <> 'added' order by seq`,
    );

  it('a task that gets ready because another ends says so in its history, with the cause', async () => {
    await app.add('p', { task_id: 'A-1', ...running }, { task_id: 'B-1', needs: ['A-1'] });
    await app.move('p', 'A-1', { status: 'completed' });
    const { body } = await app.get('/tasks/B-1/history?project=p');
    expect(body).toMatchObject({
      events: [
        {
          type: 'ready',
          version: 2,
          from_status: 'pending',
          to_status: 'pending',
          caller: 'graph',
          data: { was: 'blocked', cause: { task_id: 'A-1', status: 'completed' } },
        },
        { type: 'added', version: 1 },
      ],
    });
  });

  it('a task gets stuck by a failure, blocked by a reset, and stays ready by what meets it once more', async () => {
    const either = ['A-1', 'A-2'].map((task_id) => ({ task_id, group: 'any' }));
    await app.add(
      'p',
      { task_id: 'A-1', ...running },
      { task_id: 'A-2', ...running },
      { task_id: 'B-1', needs: ['A-1'] },
      { task_id: 'C-1', needs: either },
    );
    await app.move('p', 'A-1', { status: 'failed' });
    await app.move('p', 'A-1', { status: 'pending', reset: true });
    await app.move('p', 'A-2', { status: 'completed' });
    expect(await eventsOf('B-1')).toEqual([
      { type: 'stuck', data: { was: 'blocked', cause: { task_id: 'A-1', status: 'failed' } } },
      { type: 'blocked', data: { was: 'stuck', cause: { task_id: 'A-1', status: 'pending' } } },
    ]);
    expect(await eventsOf('C-1')).toEqual([
      { type: 'ready', data: { was: 'blocked', cause: { task_id: 'A-2', status: 'completed' } } },
    ]);
  });

  it('a task that a cascade cancels is never said to be stuck, and what waits for it is', async () => {
    await app.add(
      'p',
      { task_id: 'A-1', ...running },
      { task_id: 'B-1', needs: [{ task_id: 'A-1', on_failure: 'cancel' }] },
      { task_id: 'C-1', needs: ['B-1'] },
    );
    await app.move('p', 'A-1', { status: 'failed' });
    expect(await eventsOf('B-1')).toMatchObject([{ type: 'moved' }]);
    expect(await eventsOf('C-1')).toMatchObject([{ type: 'stuck', data: { cause: { task_id: 'A-1' } } }]);
  });

  it('a task whose own needs are new gets no event for those that are met already', async () => {
    await app.add('p', { task_id: 'A-1', status: 'completed' }, { task_id: 'B-1', needs: ['A-1'] }, 'C-1');
    await app.put('/tasks/C-1/needs/A-1?project=p', {});
    expect(await eventsOf('B-1')).toEqual([]);
    expect(await eventsOf('C-1')).toMatchObject([{ type: 'need_set' }]);
  });

  it('a deletion, an artifact and a readiness of the project tell what they changed', async () => {
    await app.add('p', 'A-1', { task_id: 'B-1', needs: ['A-1'] }, { task_id: 'C-1', inputs: ['X'] });
    await app.delete('/tasks/A-1?project=p');
    await app.put('/projects/p', { readiness: 'inputs' });
    await app.put('/artifacts/X?project=p', {});
    expect(await eventsOf('B-1')).toEqual([
      { type: 'stuck', data: { was: 'blocked', cause: { task_id: 'A-1', status: 'deleted' } } },
    ]);
    expect(await eventsOf('C-1')).toEqual([
      { type: 'blocked', data: { was: 'ready', cause: { readiness: 'inputs' } } },
      { type: 'ready', data: { was: 'blocked', cause: { artifact: 'X' } } },
    ]);
  });

  it('a change of settings is an event with what they were and are, and no change is none', async () => {
    await app.add('p', 'A-1');
    await app.put('/projects/p', { completion: 'free' });
    const paused = { reason: 'The model is down', until: '2999-01-01T00:00:00.000Z' };
    await app.put('/projects/p', { paused, completion: 'checked' });
    await app.put('/projects/p', { paused });
    await database.settleLog();
    const { body } = await app.get('/events?project=p&types=project_changed');
    expect(body).toMatchObject({
      events: [
        {
          type: 'project_changed',
          task_id: '',
          from_status: null,
          to_status: null,
          caller: 'anonymous',
          data: {
            before: { readiness: 'declared', completion: 'free', paused: null },
            after: { readiness: 'declared', completion: 'checked', paused },
          },
        },
      ],
    });
  });

  it('a reader who waits for ready tasks is told of one that another releases meanwhile', async () => {
    await app.add('p', { task_id: 'A-1', ...running }, { task_id: 'B-1', needs: ['A-1'] });
    const clock = clockThatSleepMoves();
    const sleep = async (milliseconds: number) => {
      await app.move('p', 'A-1', { status: 'completed' });
      await database.settleLog();
      await clock.sleep(milliseconds);
    };
    const waiting = appUnderTest({ driver, connectionString: database[driver], pauses: { ...clock, sleep } });
    const { body } = await waiting.get('/events?project=p&after=now&types=ready&wait_seconds=20');
    expect(body).toMatchObject({ events: [{ type: 'ready', task_id: 'B-1' }] });
  });
});

/** Events of a task whose version does not follow the one before. */
const GAPS = `
  select * from (
    select task_id, type, version, lag(version, 1, 0) over (partition by project_id, task_id order by seq) as before
    from task_events
    where task_id <> ''
  ) as numbered
  where version <> before + 1`;
