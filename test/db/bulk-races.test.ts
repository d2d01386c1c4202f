import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { readMetrics } from '../../src/operations/read-metrics.ts';
import { newTask } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { type GraphRace, runRace } from '../support/graph-races.ts';
import { WITHOUT_KEY } from '../support/request-ports.ts';

const ROUNDS = inject('form').graphRounds;

const bulk = (app: AppUnderTest, project_id: string, fields: object) =>
  app.post('/tasks/bulk', { project_id, filter: {}, ...fields });
const taskOf = async (app: AppUnderTest, project: string, id: string) =>
  (await app.get(`/tasks/${id}?project=${project}`)).body.task;

const CHAIN = [
  { task_id: 'P-1', status: 'in_progress' },
  { task_id: 'C-1', needs: ['P-1'] },
  { task_id: 'C-2', needs: [{ task_id: 'C-1', on_failure: 'cancel' }] },
];

const RACES: readonly GraphRace[] = [
  {
    name: 'a parent that ends while its children are cancelled is ended once',
    seed: (app, project) => app.add(project, ...CHAIN),
    meet: (app, project) => [
      app.move(project, 'P-1', { status: 'completed' }),
      bulk(app, project, { action: 'cancel', filter: { status: 'pending' } }),
    ],
    after: async (app, project, answers) => {
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await taskOf(app, project, 'P-1')).toMatchObject({ status: 'completed' });
      expect(await taskOf(app, project, 'C-2')).toMatchObject({ status: 'cancelled' });
    },
  },
  {
    name: 'two changes of the same tasks change each once',
    seed: (app, project) => app.add(project, ...CHAIN),
    meet: (app, project) =>
      ['a', 'b'].map(() => bulk(app, project, { action: 'cancel', filter: { status: 'pending' } })),
    after: async (app, project) => {
      const { body } = await app.get(`/tasks/C-1/history?project=${project}`);
      expect(body).toMatchObject({ events: [{ type: 'moved' }, { type: 'added' }] });
    },
  },
  {
    name: 'a task is either claimed or cancelled',
    seed: (app, project) => app.add(project, 'A-1', 'A-2', 'A-3'),
    meet: (app, project) => [
      app.claim(project, 'agent'),
      bulk(app, project, { action: 'cancel', filter: {} }),
    ],
    after: async (app, project) => {
      const { tasks } = (await app.get(`/tasks?project=${project}`)).body;
      const claimed = tasks.filter(({ claimed_by }) => claimed_by !== null);
      const cancelled = tasks.filter(({ status }) => status === 'cancelled');
      expect(claimed.length + cancelled.length).toBe(3);
    },
  },
  {
    name: 'a batch that needs what is deleted finds it or is refused',
    seed: (app, project) => app.add(project, 'P-1', 'P-2'),
    meet: (app, project) => [
      bulk(app, project, { action: 'delete' }),
      app.post('/tasks/batch', { tasks: [newTask(project, { task_id: 'C-1', needs: ['P-2'] })] }),
    ],
    after: async (app, project, [, added]) => {
      expect([200, 404]).toContain(added?.status);
      const child = await taskOf(app, project, 'C-1');
      if (child !== undefined) expect(child).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    },
  },
];

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

describe.each(DRIVERS)('changes of many tasks beside others over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  it.each(RACES)('in each of many rounds, $name', { timeout: 600_000 }, async (race) => {
    await runRace(app, race, ROUNDS[driver]);
    expect(app.log.filter(({ status }) => status >= 500)).toEqual([]);
    await expectGraphToAddUp(database);
  });

  it('changes of many tasks and batches in one project do not deadlock', async () => {
    await app.add('p', ...times(40, (index) => `OLD-${index}`));
    const before = app.pauses.length;
    const answers = await Promise.all(
      times(24, (number) => {
        const change = { action: number % 2 === 0 ? 'cancel' : 'reset', filter: { id_prefix: 'OLD' } };
        const needs = times(5, (index) => `OLD-${(number * 7 + index) % 40}`);
        return number % 3 === 0
          ? app.post('/tasks/batch', { tasks: [newTask('p', { task_id: `NEW-${number}`, needs })] })
          : bulk(app, 'p', change);
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // Only a deadlock would make one pause.
    expect(app.pauses.slice(before)).toEqual([]);
    await expectGraphToAddUp(database);
  });

  it('the counters and the graph add up after changes of one and of many tasks at once', async () => {
    const random = chance(driver.length);
    const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
    const id = () => `TASK-${Math.floor(random() * 30)}`;
    const status = () => pick(['in_progress', 'completed', 'failed', 'cancelled', 'pending'] as const);
    const one = () => app.move('p', id(), { status: status(), reset: true });
    const add = () => app.post('/tasks/batch', { tasks: [newTask('p', { task_id: id(), needs: [id()] })] });
    const many = () =>
      bulk(app, 'p', {
        ...pick([
          { action: 'move', status: status(), reset: true },
          { action: 'edit', changes: { priority: Math.floor(random() * 5) } },
          { action: 'delete' },
        ]),
        filter: { id_prefix: `TASK-${Math.floor(random() * 3)}` },
      });
    await app.add(
      'p',
      ...times(30, (index) => ({
        task_id: `TASK-${index}`,
        needs: index % 3 === 1 ? [`TASK-${index - 1}`] : [],
      })),
    );
    const client = async () => {
      for (let step = 0; step < 15; step += 1) await pick([one, one, many, add])();
    };
    await Promise.all(times(6, client));
    expect(app.log.filter((line) => line.status >= 500)).toEqual([]);
    const ports = { sleep: () => Promise.resolve(), random: () => 0, now: () => performance.now() };
    const asked = connect({ driver: 'neon', connectionString: database.neon }, RETRY_POLICY, {
      ...ports,
      ...WITHOUT_KEY,
    });
    const { counted } = await readMetrics.run({ caller: unrestricted('test'), database: asked }, {});
    const stored = await database.query(
      'select project_id, status, count(*)::int as tasks from tasks group by project_id, status order by status',
    );
    expect(
      counted
        .filter(({ tasks }) => tasks !== 0)
        .map(({ project_id, status: of, tasks }) => ({ project_id, status: of, tasks })),
    ).toEqual(stored);
    await expectGraphToAddUp(database);
  });
});
