import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { WAIT_BOUNDS } from '../../src/domain/metrics.ts';
import { readMetrics } from '../../src/operations/read-metrics.ts';
import { countEvents } from '../../src/operations/upkeep/count-events.ts';
import { newTask } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { WITHOUT_KEY } from '../support/request-ports.ts';

const PROJECTS = ['alpha', 'beta', 'gamma'];

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Numbers from 0 up to but not including 1, the same in every run (a linear congruential generator). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const NO_PAUSES = { sleep: () => Promise.resolve(), random: () => 0, now: () => performance.now() };

const serviceOver = (database: DatabaseUnderTest) =>
  connect({ driver: 'neon', connectionString: database.neon }, RETRY_POLICY, {
    ...NO_PAUSES,
    ...WITHOUT_KEY,
  });

const countersOf = async (database: DatabaseUnderTest) => {
  const asker = { caller: unrestricted('test'), database: serviceOver(database) };
  const { counted } = await readMetrics.run(asker, {});
  const waits: Record<string, number> = {};
  for (const { status, waits: within } of counted)
    waits[status] = (waits[status] ?? 0) + Number(within.at(-1));
  return {
    counted: counted
      .filter(({ tasks }) => tasks !== 0)
      .map(({ project_id, status, tasks }) => ({ project_id, status, tasks })),
    stored: await database.query(`
      select project_id, status, count(*)::int as tasks
      from tasks group by project_id, status order by project_id, status`),
    waits: Object.fromEntries(Object.entries(waits).filter(([, number]) => number > 0)),
  };
};

describe.each(DRIVERS)('the counters over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  it('the counters equal a recount after concurrent moves, batches and deletions', async () => {
    const random = chance(driver.length);
    const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
    const id = () => `TASK-${Math.floor(random() * 30)}`;
    const moved = { in_progress: 0, completed: 0 };
    const move = async () => {
      const status = pick(['in_progress', 'completed', 'pending'] as const);
      const answer = await app.move(pick(PROJECTS), id(), { status, reset: true });
      if (answer.status === 200 && status !== 'pending') moved[status] += 1;
    };
    const add = async () => {
      const tasks = [...new Set(times(4, id))].map((task_id) => newTask(pick(PROJECTS), { task_id }));
      await app.post('/tasks/batch', { tasks });
    };
    const remove = () => app.delete(`/tasks/${id()}?project=${pick(PROJECTS)}`);
    await app.add('alpha', ...times(30, (index) => `TASK-${index}`));
    const client = async () => {
      for (let step = 0; step < 25; step += 1) await pick([move, move, move, add, remove])();
    };
    await Promise.all(times(8, client));
    const { counted, stored, waits } = await countersOf(database);
    expect(counted).toEqual(stored);
    await countEvents(serviceOver(database));
    expect(await countersOf(database)).toEqual({ counted, stored, waits });
    // Every task was added as pending, so each of these moves ends a wait.
    expect(waits).toEqual(moved);
    expect(Math.min(...Object.values(moved))).toBeGreaterThan(0);
    expect(app.pauses).toEqual([]);
  });

  it('batches of the same projects in opposite order do not deadlock', async () => {
    const batch = (number: number) => {
      const projects = times(40, (index) => `p${index}`);
      const order = number % 2 === 0 ? projects : projects.toReversed();
      return order.map((project) => newTask(project, `TASK-${number}`));
    };
    const before = app.pauses.length;
    const answers = await Promise.all(
      times(48, (number) => app.post('/tasks/batch', { tasks: batch(number) })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // Only a deadlock would make one pause.
    expect(app.pauses.slice(before)).toEqual([]);
    const { counted, stored } = await countersOf(database);
    expect(counted).toEqual(stored);
  });
});

describe('the counters', () => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver: 'neon', connectionString: database.neon });
  });
  beforeEach(() => database.empty());

  const INSERT = `
    insert into tasks (task_id, project_id, description, pending_at)
    select 'TASK-' || n, 'p' || n % 3, 'Do it', '2026-01-01Z' from generate_series(1, 30) as n`;

  it.each([
    ['an insert of many', ''],
    ['an update of many statuses', `update tasks set status = 'in_progress' where project_id <> 'p0'`],
    ['an update of nothing that is counted', `update tasks set description = 'Do more'`],
    [
      'another id and project',
      `update tasks set task_id = 'NEW-1', project_id = 'q' where task_id = 'TASK-1'`,
    ],
    ['a conflict that is passed over', `${INSERT} on conflict do nothing`],
    [
      'a conflict that becomes an update',
      `${INSERT} on conflict (task_id, project_id) do update set status = 'in_progress'`,
    ],
    ['a deletion of many', `delete from tasks where project_id = 'p1'`],
    ['a deletion of all', 'delete from tasks'],
    ['a truncation', 'truncate tasks'],
    ['a rollback', 'begin; delete from tasks; rollback'],
  ])('the counters follow %s by any writer', async (_, change) => {
    await database.query(INSERT);
    await database.query(change);
    const { counted, stored } = await countersOf(database);
    expect(counted).toEqual(stored);
  });

  it('the counters count each wait once, and none of a task of unknown times', async () => {
    await database.query(INSERT);
    await database.query(
      `update tasks set status = 'in_progress', started_at = pending_at where project_id = 'p1'`,
    );
    await database.query(`update tasks set description = 'Do more'`);
    await database.query(`update tasks set status = 'in_progress' where project_id = 'p2'`);
    expect((await countersOf(database)).waits).toEqual({ in_progress: 10 });
  });

  it('counting while others write neither loses an event nor counts one twice', async () => {
    const writers = times(5, async (writer) => {
      for (let round = 0; round < 6; round += 1) {
        const id = `TASK-${writer * 100 + round}`;
        await app.add('p', id);
        await app.move('p', id, { status: 'in_progress' });
      }
    });
    const counting = times(2, async () => {
      for (let round = 0; round < 12; round += 1) await countEvents(serviceOver(database));
    });
    await Promise.all([...writers, ...counting]);
    const { counted, stored, waits } = await countersOf(database);
    expect(counted).toEqual(stored);
    expect(waits).toEqual({ in_progress: 30 });
    await countEvents(serviceOver(database));
    expect(await countersOf(database)).toEqual({ counted, stored, waits });
  });

  it('the counters keep the waits of tasks that are gone or pending again', async () => {
    await app.add('p', 'TASK-1', 'TASK-2', 'TASK-3');
    for (const id of ['TASK-1', 'TASK-2']) await app.move('p', id, { status: 'in_progress' });
    await app.move('p', 'TASK-1', { status: 'pending', reset: true });
    await app.delete('/tasks/TASK-2?project=p');
    expect((await countersOf(database)).waits).toEqual({ in_progress: 2 });
  });

  it('a wait falls into the bucket whose bound it just reaches, a longer one into the next', async () => {
    for (const [index, bound] of WAIT_BOUNDS.entries()) {
      await database.query('truncate tasks');
      for (const [task, seconds] of [
        ['AT-1', bound],
        ['BEYOND-1', bound + 0.001],
      ] as const) {
        await database.query(
          `insert into tasks (task_id, project_id, description, pending_at)
           values ($1, 'p', 'Do it', '2026-01-01Z')`,
          [task],
        );
        await database.query(
          `update tasks set status = 'completed', completed_at = pending_at + make_interval(secs => $2)
           where task_id = $1`,
          [task, seconds],
        );
      }
      const text = await (await app.send('/metrics')).text();
      const buckets = [...text.matchAll(/pending_to_completed_seconds_bucket\{.*\} (\d)/g)].map(([, n]) =>
        Number(n),
      );
      const expected = [...WAIT_BOUNDS, Number.POSITIVE_INFINITY].map((_, at) => {
        if (at < index) return 0;
        return at === index ? 1 : 2;
      });
      expect(buckets).toEqual(expected);
      expect(text).toContain(
        `task_tracker_pending_to_completed_seconds_sum{project="p"} ${2 * bound + 0.001}\n`,
      );
      expect(text).toContain('task_tracker_pending_to_completed_seconds_count{project="p"} 2\n');
    }
  });

  it('a negative wait, after the clock was set back, counts as zero', async () => {
    await database.query(INSERT);
    await database.query(
      `update tasks set status = 'in_progress', started_at = '2025-12-31Z' where task_id = 'TASK-1'`,
    );
    const text = await (await app.send('/metrics')).text();
    expect(text).toContain('pending_to_in_progress_seconds_bucket{project="p1",le="1"} 1\n');
    expect(text).toContain('pending_to_in_progress_seconds_sum{project="p1"} 0\n');
  });
});
