import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const GATE = 7;

/** Has a batch wait at the gate when it has begun and has not yet looked at its tasks. */
const gated = (database: Database): Database => ({
  ...database,
  run(statement, values) {
    const wait = `(select count(pg_advisory_xact_lock(${GATE})) from generate_series(1, 1)) = 1 and `;
    const sql = statement.query.sql.replace(/(with ordinality\s+where )/, `$1${wait}`);
    expect(sql).toContain(wait);
    return database.run({ ...statement, query: { ...statement.query, sql } }, values);
  },
});

describe.each(DRIVERS)('the order of a list over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;
  let held: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
    held = appUnderTest({ driver, connectionString: database[driver], decorate: gated });
  });
  beforeEach(() => database.empty());

  const waiting = () =>
    database.query(
      `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    );

  it('a list is in the order of created_at, even where a batch is held up while another is added', async () => {
    await database.query(`select pg_advisory_lock(${GATE})`);
    const adding = held.add('p', 'TASK-1', 'TASK-2');
    while ((await waiting()).length === 0);
    await app.add('p', 'TASK-3', 'TASK-4');
    await database.query(`select pg_advisory_unlock(${GATE})`);
    await adding;
    const { tasks } = (await app.get('/tasks?project=p')).body;
    expect(tasks.map((task) => task.task_id)).toEqual(['TASK-3', 'TASK-4', 'TASK-1', 'TASK-2']);
    const created = tasks.map((task) => task.created_at);
    expect(created).toEqual(created.toSorted());
    for (const task of tasks) expect(task.updated_at).toBe(task.created_at);
  });
});
